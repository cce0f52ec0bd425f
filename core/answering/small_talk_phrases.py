"""The phrases of small talk in the languages that it is understood in."""

from core.answering.further_phrases import FURTHER
from core.answering.kinds import Kind

_TABLE: dict[str, dict[Kind, str]] = {
    "en": {
        "hello": "hi|hy|hey|hello|helo|hallo there|hi there|hello there|hey there|good morning|good afternoon"
        "|good evening"
        "|good day|morning|greetings|howdy|yo|hiya|anyone there|anybody there|is anyone there|is anybody there"
        "|are you there|hello is anyone there|waving",
        "thanks": "thanks|thank you|thank u|thankyou|thx|thnx|tnx|ty|cheers|many thanks|thanks a lot"
        "|thank you so much"
        "|thank you very much|thanks so much|much appreciated|i appreciate it|that helped|that helps"
        "|that was helpful"
        "|very helpful|great help|you are great|perfect thanks|thanks for your help|thank you for your help"
        "|thanks for the help|thank you for the help|praying",
        "bye": "bye|bye bye|goodbye|good bye|good night|see you|see ya|cya|see you later|have a nice day"
        "|have a good day|have a great day|take care|thats all|that is all|nothing else|no thats all|no thanks"
        "|no thank you|that will be all|you too",
        "how_are_you": "how are you|how are u|how r u|how are you doing|how are you today|hows it going"
        "|how is it going"
        "|how do you do|whats up|what is up|wassup|sup|ssup|hows your day|how is your day",
        "are_you_robot": "are you a robot|are you a bot|are you a human|are you human|are you a real person"
        "|are you real|is this a bot|is this a robot|am i talking to a bot|am i talking to a robot"
        "|are you an ai|are you ai"
        "|am i talking to a human|am i talking to a real person|are you a person|are you a machine"
        "|is this a real person"
        "|am i chatting with a bot|are you a chatbot|is this a chatbot|is this ai|am i talking to a person"
        "|r u a bot"
        "|am i speaking to a human|are you a real human|is this automated|are you a computer|are you chatgpt"
        "|bot or human",
        "who_are_you": "who are you|what are you|who is this|whos this|whats your name|what is your name"
        "|who am i talking to"
        "|what can you do|what do you do|how can you help me|what can you help me with|how can you help"
        "|what can i ask you",
        "ok": "ok|okay|okey|k|kk|alright|all right|got it|i see|i understand|understood|sure|fine|great|good"
        "|perfect"
        "|cool|nice|awesome|super|wow|excellent|amazing|lovely|wonderful|brilliant|right|oh|ah|hmm|oh ok"
        "|makes sense"
        "|sounds good|thumbsup|smiling|no problem|no worries",
    },
    "de": {
        "hello": "hallo|guten tag|guten morgen|guten abend|moin|servus|gruss gott|hallo zusammen|ist da jemand",
        "thanks": "danke|danke schon|dankeschon|vielen dank|besten dank|herzlichen dank|danke sehr|danke dir"
        "|danke ihnen",
        "bye": "tschuss|tschuess|auf wiedersehen|bis bald|schonen tag noch|gute nacht|das war alles|nein danke",
        "how_are_you": "wie geht es dir|wie gehts|wie geht es ihnen|wie gehts dir|was geht",
        "are_you_robot": "bist du ein roboter|bist du ein bot|bist du ein mensch|sind sie ein mensch"
        "|sind sie ein roboter"
        "|sind sie ein bot|spreche ich mit einem menschen|bist du echt|bist du eine ki",
        "who_are_you": "wer bist du|wer sind sie|wie heisst du|was kannst du",
        "ok": "alles klar|verstanden|in ordnung|gut|prima|passt",
    },
    "fr": {
        "hello": "bonjour|bonsoir|salut|coucou|il y a quelquun",
        "thanks": "merci|merci beaucoup|merci bien|un grand merci",
        "bye": "au revoir|bonne journee|bonne soiree|a bientot|bonne nuit|non merci|cest tout",
        "how_are_you": "ca va|comment ca va|comment allez vous|comment vas tu",
        "are_you_robot": "etes vous un robot|es tu un robot|es tu humain|etes vous humain|vous etes un robot"
        "|tu es un robot"
        "|etes vous une vraie personne|es tu une vraie personne|vous etes un bot|cest un robot",
        "who_are_you": "qui es tu|qui etes vous|comment tu tappelles|comment vous appelez vous|que peux tu faire",
        "ok": "daccord|parfait|compris|tres bien|super merci|cest bon",
    },
    "es": {
        "hello": "hola|buenos dias|buenas tardes|buenas noches|buenas|hola buenas|hay alguien",
        "thanks": "gracias|muchas gracias|mil gracias|gracias por la ayuda|gracias por tu ayuda",
        "bye": "adios|hasta luego|hasta pronto|chao|nos vemos|eso es todo|no gracias",
        "how_are_you": "como estas|que tal|como esta|como te va|como esta usted",
        "are_you_robot": "eres un robot|eres un bot|eres humano|es usted un robot|eres una persona"
        "|eres una persona real"
        "|hablo con una persona|estoy hablando con un robot|eres una maquina",
        "who_are_you": "quien eres|quien es usted|como te llamas|que puedes hacer",
        "ok": "vale|de acuerdo|perfecto|entendido|muy bien|esta bien|bueno|genial",
    },
    "it": {
        "hello": "ciao|buongiorno|buonasera|salve|buon pomeriggio|ce qualcuno",
        "thanks": "grazie|grazie mille|molte grazie|grazie tante",
        "bye": "arrivederci|a presto|buona giornata|buona serata|buonanotte|no grazie|e tutto",
        "how_are_you": "come stai|come va|come sta",
        "are_you_robot": "sei un robot|sei un bot|sei umano|sei una persona|e un robot|sei una persona vera"
        "|lei e un robot",
        "who_are_you": "chi sei|come ti chiami|chi e lei|cosa puoi fare",
        "ok": "va bene|perfetto|capito|daccordo grazie|bene|ottimo",
    },
    "pt": {
        "hello": "ola|oi|bom dia|boa tarde|boa noite|tem alguem ai",
        "thanks": "obrigado|obrigada|muito obrigado|muito obrigada|valeu",
        "bye": "tchau|ate logo|ate mais|adeus|tenha um bom dia|nao obrigado|nao obrigada|e so isso",
        "how_are_you": "tudo bem|como vai|como voce esta|como esta voce|tudo bom",
        "are_you_robot": "voce e um robo|voce e um bot|voce e humano|es um robo|voce e uma pessoa|voce e real",
        "who_are_you": "quem e voce|qual e o seu nome|qual o seu nome|o que voce faz",
        "ok": "esta bem|entendi|certo|beleza|perfeito|otimo",
    },
    "nl": {
        "hello": "hallo|hoi|goedemorgen|goedemiddag|goedenavond|goedendag|dag|is daar iemand",
        "thanks": "bedankt|dank je|dank je wel|dankjewel|dank u|dank u wel|hartelijk dank",
        "bye": "doei|tot ziens|fijne dag|nog een fijne dag|nee bedankt|dat was alles",
        "how_are_you": "hoe gaat het|hoe is het|alles goed",
        "are_you_robot": "ben je een robot|bent u een robot|ben je een mens|ben je een bot|bent u een mens|ben je echt",
        "who_are_you": "wie ben je|wie bent u|hoe heet je|wat kun je",
        "ok": "prima|begrepen|duidelijk|goed|top",
    },
}

_ALL = _TABLE | FURTHER
# Earlier languages keep a phrase that two share.
PHRASES: dict[str, tuple[Kind, str]] = {
    phrase: (kind, language)
    for language, kinds in reversed(_ALL.items())
    for kind, phrases in kinds.items()
    for phrase in phrases.split("|")
}
PHRASES_OF: dict[str, frozenset[str]] = {
    language: frozenset(phrase for phrases in kinds.values() for phrase in phrases.split("|"))
    for language, kinds in _ALL.items()
}

_FILLERS = """
there all team everyone everybody guys folks sir madam maam mate buddy friend dear bot again then now so "
        "very much
really a lot and well today for that this your help too zusammen dir ihnen und sehr beaucoup et bien "
        "mucho y muito e
mille tante wel smiling
"""
FILLERS = frozenset(_FILLERS.split())

EMOJI = {
    "👋": "waving",
    "🙏": "praying",
    "❤": "praying",
    "👍": "thumbsup",
    "👌": "thumbsup",
    "🙂": "smiling",
    "😊": "smiling",
    "😀": "smiling",
    "😃": "smiling",
    "😄": "smiling",
}
