"""Words that only go with a file: "here it is", "see attached"."""

import re

# Whoever writes more says what it is about.
_MOST_WORDS = 8
_LONGEST = 60
_ASKS = re.compile(
    r"[?？؟]|[吗呢]|什么|怎么|多少|か[。.]?\s*$"
    r"|\b(?:how|what|when|where|which|who|why|can|could|do|does|did|is there|are there|will|would"
    r"|wie|was|wann|wo|warum|kann|können|comment|combien|quand|pourquoi|pouvez"
    r"|cómo|cuánto|cuándo|dónde|puede\w*|come mai|quanto|quando|dove|può|posso|quanto|onde|pode"
    r"|hoe|wat|wanneer|waar|kunt|jak|kiedy|gdzie|czy|nasıl|nerede|ne zaman|كيف|متى|أين|هل|איך|מתי|איפה|האם)\b",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"\b(?:here|this|it|that|these|those|see|look|attached|attachment|photos?|pictures?|pics?|images?|screenshots?|files?"
    r"|hier|das|dies\w*|siehe|schau\w*|angehängt|anbei|anhang|fotos?|bild\w*|datei\w*"
    r"|voici|voilà|ceci|celle-ci|celui-ci|ci-joint\w*|joint\w*|pièces?|regarde\w*|fichiers?"
    r"|aquí|esto|esta|este|mira|mire|adjunt\w*|imagen|imágenes|archivos?|ecco\w*|questo|questa|guarda\w*|allegat\w*|immagin\w*"
    r"|aqui|isto|isso|veja|olha|olhe|anex\w*|imagens?|arquivos?|ficheiros?"
    r"|dit|deze|kijk|zie|bijlage|bijgevoegd|afbeelding\w*|bestand\w*|foto['’]s"
    r"|oto|tutaj|to|patrz|załącz\w*|zdjęci\w*|plik\w*|işte|bu|burada|bakın?|ekte\w*|fotoğraf\w*|resim\w*|dosya\w*"
    r"|هنا|هذا|هذه|انظر|مرفق|المرفق|صورة|الصورة|ملف|الملف|הנה|זה|זאת|ראו|מצורף|מצורפת|תמונה|התמונה|קובץ|הקובץ)\b"
    r"|これ|こちら|添付|写真|画像|ファイル|这|附件|照片|图片|文件",
    re.IGNORECASE,
)


def only_shows(text: str) -> bool:
    """Return whether words that came with a file say no more than that it is there.

    Args:
        text: what the customer wrote beside it.
    """
    said = text.strip()
    is_short = len(said) <= _LONGEST and len(said.split()) <= _MOST_WORDS
    return is_short and _SHOWS.search(said) is not None and _ASKS.search(said) is None
