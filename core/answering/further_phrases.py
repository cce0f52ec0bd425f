"""The plain phrases of small talk in Polish, Turkish, Arabic, Hebrew, Japanese and Chinese, as people write them."""

import unicodedata

from core.answering.kinds import Kind

_TABLE: dict[str, dict[Kind, str]] = {
    "pl": {
        "hello": "cześć|hej|dzień dobry|dobry wieczór|witam|witaj|siema|jest tam ktoś",
        "thanks": "dzięki|dziękuję|dziękuję bardzo|bardzo dziękuję|dzięki wielkie|wielkie dzięki|dziękuję za pomoc",
        "bye": "do widzenia|na razie|pa|pa pa|dobranoc|miłego dnia|to wszystko|nie dziękuję",
        "how_are_you": "jak się masz|co słychać|jak leci|jak się pan ma|jak się pani ma",
        "are_you_robot": "czy jesteś robotem|jesteś robotem|jesteś botem|czy jesteś botem|czy jesteś człowiekiem"
        "|jesteś człowiekiem|czy rozmawiam z robotem|czy rozmawiam z człowiekiem|czy to bot",
        "who_are_you": "kim jesteś|kto to|jak się nazywasz|co potrafisz|w czym możesz pomóc",
        "ok": "dobrze|rozumiem|jasne|w porządku|super|świetnie|okej",
    },
    "tr": {
        "hello": "merhaba|selam|merhabalar|selamlar|günaydın|iyi günler|iyi akşamlar|kimse var mı|selamün aleyküm",
        "thanks": "teşekkürler|teşekkür ederim|çok teşekkürler|çok teşekkür ederim|sağol|sağ ol|sağ olun|eyvallah",
        "bye": "hoşça kal|hoşça kalın|güle güle|görüşürüz|iyi geceler|hayır teşekkürler|hepsi bu|hepsi bu kadar",
        "how_are_you": "nasılsın|nasılsınız|naber|ne haber|nasıl gidiyor",
        "are_you_robot": "robot musun|sen robot musun|bot musun|insan mısın|sen insan mısın|robot musunuz"
        "|insan mısınız|gerçek misin|gerçek bir insan mısın|yapay zeka mısın",
        "who_are_you": "kimsin|sen kimsin|siz kimsiniz|kimsiniz|adın ne|adınız ne|ne yapabilirsin",
        "ok": "tamam|anladım|peki|olur|güzel|harika|tamamdır|süper",
    },
    "ar": {
        "hello": "مرحبا|أهلا|أهلا وسهلا|السلام عليكم|سلام|سلام عليكم|صباح الخير|مساء الخير|هاي|هل من أحد هنا",
        "thanks": "شكرا|شكرا لك|شكرا لكم|شكرا جزيلا|شكرا كثيرا|ألف شكر|مشكور|جزاك الله خيرا|تسلم",
        "bye": "مع السلامة|إلى اللقاء|وداعا|تصبح على خير|لا شكرا|هذا كل شيء",
        "how_are_you": "كيف حالك|كيف الحال|كيفك|شلونك|كيف حالكم",
        "are_you_robot": "هل أنت روبوت|هل أنت إنسان|أنت روبوت|هل أنت بوت|هل أتحدث مع روبوت|هل أتحدث مع إنسان"
        "|هل أنت شخص حقيقي|هل أنت ذكاء اصطناعي",
        "who_are_you": "من أنت|ما اسمك|مين انت|ماذا يمكنك أن تفعل|من معي",
        "ok": "حسنا|تمام|طيب|مفهوم|فهمت|ممتاز|جيد|رائع|أوكي",
    },
    "he": {
        "hello": "שלום|היי|הי|אהלן|בוקר טוב|ערב טוב|צהריים טובים|יש מישהו|יש כאן מישהו",
        "thanks": "תודה|תודה רבה|המון תודה|תודה לך|תודה על העזרה",
        "bye": "להתראות|ביי|שלום ותודה|לילה טוב|יום טוב|יום נעים|לא תודה|זה הכל",
        "how_are_you": "מה שלומך|מה שלומכם|מה נשמע|מה קורה|מה המצב|איך הולך",
        "are_you_robot": "אתה רובוט|את רובוט|האם אתה רובוט|אתה בוט|את בוט|אתה אנושי|אתה בן אדם|אני מדבר עם רובוט"
        "|אני מדברת עם רובוט|זה בוט",
        "who_are_you": "מי אתה|מי את|מי זה|איך קוראים לך|מה השם שלך|מה אתה יודע לעשות",
        "ok": "בסדר|אוקיי|אוקי|הבנתי|סבבה|מצוין|יופי|מעולה|טוב",
    },
    "ja": {
        "hello": "こんにちは|こんにちわ|こんばんは|おはよう|おはようございます|はじめまして|もしもし|やあ|誰かいますか"
        "|どなたかいますか",
        "thanks": "ありがとう|ありがとうございます|ありがとうございました|どうもありがとう|どうもありがとうございます"
        "|助かりました|どうも|感謝します",
        "bye": "さようなら|さよなら|では|それでは|失礼します|おやすみなさい|またね|以上です|大丈夫です|結構です",
        "how_are_you": "元気ですか|お元気ですか|調子はどうですか",
        "are_you_robot": "ロボットですか|あなたはロボットですか|ボットですか|人間ですか|あなたは人間ですか|aiですか"
        "|自動応答ですか",
        "who_are_you": "あなたは誰ですか|誰ですか|どなたですか|お名前は|名前は|何ができますか",
        "ok": "わかりました|分かりました|了解|了解です|了解しました|承知しました|はい|オッケー|なるほど|いいですね",
    },
    "zh": {
        "hello": "你好|您好|你好啊|哈喽|嗨|早上好|下午好|晚上好|在吗|在么|有人吗|有人在吗",
        "thanks": "谢谢|谢谢你|谢谢您|多谢|非常感谢|感谢|谢了|谢谢啦|十分感谢",
        "bye": "再见|拜拜|晚安|回头见|不用了|不用了谢谢|没有了|没事了|就这些",
        "how_are_you": "你好吗|您好吗|最近好吗|怎么样|你怎么样",
        "are_you_robot": "你是机器人吗|您是机器人吗|你是人吗|你是真人吗|您是真人吗|是机器人吗|是人工吗|你是ai吗"
        "|是真人吗",
        "who_are_you": "你是谁|您是谁|你叫什么|你叫什么名字|你能做什么|你会什么",
        "ok": "好的|好|嗯|知道了|明白了|明白|行|可以|没问题|了解|太好了",
    },
}


def _plain(phrase: str) -> str:
    decomposed = unicodedata.normalize("NFD", phrase)
    return "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")


FURTHER: dict[str, dict[Kind, str]] = {
    language: {kind: _plain(phrases) for kind, phrases in kinds.items()} for language, kinds in _TABLE.items()
}
"""The phrases without accents, as small talk compares them."""
