"""What on a page is not told by the author: labels, links, lists of icons, credits, bylines, datelines.

Each test looks at one line by general signs: how long it is, how it ends, what known words it opens with or
consists of. A line that ends like a sentence is furniture only by an opening that no story has.
"""

import re
from typing import Final

from geomap.extract.published import MONTHS, WEEKDAYS, before_date, is_date_line
from geomap.extract.wordlists import word_set

_LONGEST_LABEL: Final = 40
_LONGEST_LINK: Final = 300
_LONGEST_CREDIT: Final = 160

_WORD: Final = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
ENDS_TOLD: Final = re.compile(r"[.!?…][\"'”’»“)\]]*\s*\Z")
"""How a sentence ends."""

# Whole lines, in small letters, without the punctuation around them.
_LABELS: Final = frozenset(
    line.strip()
    for row in """
    advertisement|advertising|advertisement - story continues below|story continues below advertisement|ad
    ads|sponsored
    sponsored content|promoted|promoted content|partner content|source|sources|via|podcast|podcasts|video
    videos|watch|listen
    listen to this article|audio|gallery|photo gallery|photos|photo|image|images|pictures|live|breaking
    exclusive|opinion
    share|share this|share this article|share this story|share on facebook|share on twitter|share via email
    tweet|email
    print|save|copy link|link copied|facebook|twitter|whatsapp|telegram|linkedin|reddit|pinterest|instagram
    youtube|tiktok
    comment|comments|leave a comment|leave a reply|no comments|add a comment|post comment|view comments
    show comments
    reply|cancel reply|log in|login|sign in|sign up|register|subscribe|subscribe now|newsletter|newsletters
    follow us
    read more|read next|read also|more|more news|more stories|more from|load more|see more|show more|view all
    see all
    continue reading|keep reading|related|related news|related articles|related stories|related topics
    related content
    related posts|recommended|recommended for you|you may also like|you might also like|most read
    most popular|popular
    trending|trending now|latest|latest news|latest stories|top stories|top news|editor's picks
    editors' picks|don't miss
    what to read next|up next|next|previous|next article|previous article|next post|previous post|back
    back to top|home
    menu|search|close|skip to content|skip to main content|navigation|breadcrumb|breadcrumbs|contents
    table of contents
    tags|topics|categories|category|filed under|about us|about the author|contact|contact us|privacy
    privacy policy
    terms of use|terms of service|terms and conditions|cookie policy|cookies|accept|accept all|reject all
    manage cookies
    all rights reserved|news|world|world news|politics|business|sport|sports|us news|uk news|europe
    europe news|asia
    military news|breaking news|national news|local news|international|international news|economy|culture
    technology
    science|health|lifestyle|entertainment|travel|weather|opinions|editorial|analysis|features|society
    staff writer
    recommended stories|list of 3 items|list of 4 items|end of list|listen to story|play|pause|mute|unmute
    download|embed
    caption|hide caption|toggle caption|enlarge|enlarge image|image source|image caption|view gallery|expand
    collapse
    реклама|источник|источники|читайте также|читать далее|читать также|подробнее|поделиться|комментарии
    комментировать
    оставить комментарий|подписаться|подписывайтесь|новости|главная|политика|общество|экономика|в мире|мир
    война|спорт
    культура|происшествия|теги|темы|фото|видео|печать|распечатать|рассылка|поиск|меню|войти|регистрация|ещё|еще
    последние новости|главные новости|новости по теме|по теме|материалы по теме|смотрите также|самое читаемое
    популярное
    джерело|джерела|читайте також|читати далі|детальніше|поділитися|коментарі|залишити коментар|підписатися
    підписуйтесь|новини|головна|політика|суспільство|економіка|у світі|світ|війна|культура|теми|відео|друк|пошук
    останні новини|новини за темою|за темою|матеріали за темою|дивіться також|популярне|увійти|ще
    крыніца|крыніцы|чытайце таксама|чытаць далей|падзяліцца|каментары|каментарыі|падпісацца|навіны|галоўная
    палітыка|грамадства|эканоміка|у свеце|свет|вайна|тэгі|тэмы|відэа|друк|пошук|апошнія навіны|па тэме
    глядзіце таксама
    źródło|źródła|czytaj także|czytaj też|czytaj również|czytaj więcej|czytaj dalej|zobacz także|zobacz też
    zobacz również
    więcej|udostępnij|komentarze|skomentuj|dodaj komentarz|subskrybuj|aktualności|wiadomości|strona główna
    polityka
    świat|kraj|polska|gospodarka|społeczeństwo|kultura|wojna|tagi|tematy|zdjęcia|wideo|drukuj|szukaj|zaloguj
    zaloguj się
    najnowsze|najnowsze wiadomości|najczęściej czytane|polecane|polecamy|powiązane|powiązane artykuły
    newsletter|sonda
    """.strip().splitlines()
    for line in row.split("|")
)
_SECTION_NEWS: Final = re.compile(
    r"(?:[^\W\d_]+ ){1,2}(?:news|новости|новини|навіны|wiadomości)", re.IGNORECASE
)

# Openings that lead to another text; a sign or the end of the line shows that they do.
_LEAD: Final = (
    r"also read|read also|read more|read next|read on|read|more on this(?: story| topic)?|more on|"
    r"more|see also|see more|"
    r"related(?: (?:news|stories|story|articles?|topics?|coverage|reading|content|posts?|video))?|"
    r"recommended(?: reading)?|"
    r"you may (?:also )?like|don['’]t miss|must read|what to read next|up next|next|previous|"
    r"watch(?: (?:live|now|also|video|more))?|listen(?: now)?|also on [\w.]{2,20}|also (?:see|watch)|"
    r"in pictures|in photos|"
    r"tags?|tagged(?: (?:with|in))?|topics?|categor(?:y|ies)|filed under|posted in|keywords?|"
    r"share(?: (?:this|on|via))?|"
    r"follow(?: us)?|subscribe|newsletter|explainer|live updates?|"
    r"читайте также|читайте ещё|читайте еще|читать также|читать далее|читайте|подробнее|"
    r"смотрите также|смотрите|"
    r"по теме|материалы по теме|ранее по теме|теги|метки|темы|рубрики|ключевые слова|поделиться|"
    r"читайте також|читайте|детальніше|дивіться також|за темою|матеріали за темою|теми|мітки|рубрики|"
    r"поділитися|"
    r"чытайце таксама|чытайце|глядзіце таксама|па тэме|тэгі|тэмы|падзяліцца|"
    r"czytaj (?:także|też|również|więcej)|przeczytaj (?:także|też|również)|zobacz (?:także|też|również|więcej)|"
    r"więcej|polecamy|powiązane|tagi|tematy|słowa kluczowe|udostępnij"
)
_LEADS: Final = re.compile(rf"[\W_]*(?:{_LEAD})\s*(?:[:|»>→▶►]|[-–—]\s)", re.IGNORECASE)
# Links that carry no sign: never the beginning of a sentence, and the line does not end like one.
_LINKS: Final = re.compile(
    r"[\W_]*(?:also read|read also|read more|read next|see also|see more|click here|click to|tap here|"
    r"you may also like|"
    r"sign up|subscribe (?:to|now|for|here)|follow (?:us|@|\w+ \w+ on (?:twitter|x|facebook|"
    r"instagram))|join (?:us on|our)|"
    r"share (?:this|on|via|to)|view (?:on|all|more|the|comments)|watch (?:live|the video|more|on)|listen to|"
    r"download (?:our|the) app|back to|skip to|jump to|go to|continue reading|leave a (?:reply|comment)|"
    r"log in to|sign in to|register to|support (?:us|our)|donate|get the app|open in app|image source|"
    r"читайте также|читать далее|подписывайтесь|подпишитесь|следите за|смотрите также|поделиться|перейти к|"
    r"читайте також|читати далі|підписуйтесь|підпишіться|стежте за|дивіться також|поділитися|"
    r"чытайце таксама|чытаць далей|падпісвайцеся|падпішыцеся|сачыце за|глядзіце таксама|падзяліцца|"
    r"czytaj (?:także|też|również|więcej|dalej)|przeczytaj (?:także|też|również)|zobacz (?:także|też|"
    r"również|więcej)|"
    r"obserwuj nas|śledź nas|dołącz do|udostępnij|zaloguj się|przejdź do)\b",
    re.IGNORECASE,
)
# Sentences of sites, whole or with what follows.
_NOTICES: Final = re.compile(
    r"[\W_]*(?:"
    r"your email address will not be published|required fields are marked|"
    r"(?:we|this (?:web)?site|our (?:web)?site)(?: and (?:our|its|third)[\w -]{0,30})? (?:uses?|"
    r"may use|set) (?:\w+ )?cookies|"
    r"by (?:continuing|clicking|subscribing|signing up|submitting|entering|using|"
    r"browsing)\b[^.]{0,80}\b(?:you|cookies|"
    r"site|terms)|"
    r"(?:please )?sign up (?:for|to) (?:our|the|receive|get)|subscribe to (?:our|the|get|receive)\b|"
    r"(?:please )?follow us (?:on|at)|find us on|like us on|join (?:us|our) (?:on|channel|telegram)|"
    r"(?:please )?enable javascript|your browser (?:does not|doesn['’]t)|"
    r"(?:this|the) (?:article|story|post|piece|report) (?:was )?(?:originally |first )?(?:appeared|"
    r"published|ran)\b|"
    r"originally published (?:on|at|by|in)|republished (?:with|under|from)|"
    r"(?:copyright|©|\(c\))\s*(?:©|\(c\)|\d{4}|by\b|the\b)|©|all rights reserved|"
    r"this (?:material|content) may not be (?:published|reproduced)|no part of this|"
    r"reproduction (?:without|in whole)|"
    r"the (?:views|opinions)(?: and (?:views|opinions))? expressed|"
    r"(?:have|got|do you have) (?:a|any) (?:news )?(?:tips?|story)\b|if you have (?:a|any) (?:tip|story)|"
    r"(?:you must be|please) (?:logged|log) in|"
    r"advertisement\s*(?:[-–—:|]|story\b|continue\b)|"
    r"\(?with (?:additional )?(?:reporting|inputs?|material|files|information) (?:from|by)|"
    r"with (?:\w+ ){0,3}(?:wires?|wire services|agencies|agency reports)\s*\W*\Z|\(?agencies\)?\W*\Z|"
    r"все права защищены|перепечатка|при (?:полном|частичном|использовании|цитировании)[^.]{0,60}материал|"
    r"нашли (?:ошибку|опечатку)|заметили (?:ошибку|опечатку)|если вы (?:нашли|заметили) (?:ошибку|опечатку)|"
    r"подписывайтесь на (?:наш|нас)|подпишитесь на|мы используем (?:файлы )?cookie|"
    r"(?:усі|всі) права (?:захищені|захищено)|помітили помилку|якщо ви (?:знайшли|помітили) помилку|"
    r"підписуйтесь на (?:наш|нас)|передрук|ми використовуємо (?:файли )?cookie|"
    r"усе правы (?:абаронены|ахоўваюцца)|(?:знайшлі|заўважылі) памылку|падпісвайцеся на (?:наш|нас)|"
    r"wszelkie prawa zastrzeżone|(?:ta|nasza) strona (?:używa|korzysta z) (?:plików )?cookie|"
    r"używamy (?:plików )?cookie|korzystając z|masz dla nas temat|znalazłeś błąd|zauważyłeś błąd|"
    r"obserwuj nas (?:na|w)|dołącz do nas"
    r")",
    re.IGNORECASE,
)
_PHOTO_OF: Final = re.compile(
    r"[^.!?]{2,40}['’]s? (?:photo|avatar|picture|profile(?: picture)?)\s*\Z", re.IGNORECASE
)
_NUMBERS: Final = re.compile(r"[\d\s:.,/|+%()#№•·–—-]*\d[\d\s:.,/|+%()#№•·–—-]*\Z")
_COUNTS: Final = re.compile(
    r"\d[\d.,]*[km]?\s+(?:comments?|shares?|views?|likes?|replies|reads?|retweets?|followers|"
    r"min(?:ute)?s?(?: read)?|"
    r"photos?|images?|of \d+|(?:second|hour|day|week|month)s?(?= ago)|"
    r"просмотр\w*|комментари\w*|перегляд\w*|коментар\w*|праглядаў|wyświetle\w*|"
    r"komentarz\w*)"
    r"(?: ago| read)?\s*\Z",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"(?:(?:https?://|www\.|pic\.twitter\.com/|t\.me/)\S+|\S+@\S+\.\w{2,}|@\w+)\s*\Z"
)
_HASHTAGS: Final = re.compile(r"(?:[#＃]\w+[\s,;|·]*)+\Z")
_CRUMBS: Final = re.compile(r"\s*[>›»→|•·]\s*|\s+[/\\]\s+")
_ICON_WORDS: Final = word_set("""
    icon icons menu close search share facebook twitter instagram youtube telegram whatsapp linkedin email
    print login
    subscribe home play pause mute next previous back bookmark chevron arrow down up left right full download
    edit
    filter mail music tag tags trash camera check comment comments like copy link rss vk ok fb yt tg tw dzen
    odnoklassniki
    """)
_SHORTEST_ICON_LIST: Final = 6

_BY: Final = re.compile(
    r"(?P<label>(?:автор(?:ы|и|ка)?|аўтар(?:ы|ка)?|текст|тэкст|подготовил[аи]?|підготува\w+|падрыхтава\w+|"
    r"autor(?:zy|ka)?|tekst|oprac\.?|opracował[ay]?|author|authors|written by|story by|words by|"
    r"text by|reported by|"
    r"edited by|compiled by|posted by|published by)\s*:?\s+|by:?\s+)",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    r"[\W_]*(?:(?:additional |further )?(?:reporting|writing|editing|compiled|translated|translation|"
    r"production) by\b|"
    r"(?:reporting|editing|writing) (?:in|from)\b|редактор\s*:|переклад\s*:|перевод\s*:)",
    re.IGNORECASE,
)
_CONTRIBUTED: Final = re.compile(
    r"contributed (?:reporting|to this (?:report|story|article|dispatch|piece))\b[^.]{0,40}\.?\)?\s*\Z",
    re.IGNORECASE,
)
_NAME_LINKS: Final = word_set("and & in of for de der den van von und i и та і й у в w z")
_AFTER_BY: Final = word_set("land sea air road rail now then contrast all far the a an this that law")

AGENCY: Final = (
    r"(?:AP|AFP|Reuters|REUTERS|Getty(?: Images)?|GETTY(?: IMAGES)?|EPA(?:-EFE)?|EFE|TASS|ITAR-TASS|"
    r"ТАСС|BelTA|BELTA|"
    r"Belta|БелТА|БЕЛТА|PAP|Sputnik|SPUTNIK|Спутник|RIA Novosti|RIA|РИА Новости|UNIAN|УНИАН|"
    r"УНІАН|Ukrinform|"
    r"Укринформ|Укрінформ|Anadolu(?: Agency)?|AA|Xinhua|DPA|dpa|ANSA|Interfax|Интерфакс|Bloomberg|"
    r"NurPhoto|ZUMA|Zuma"
    r"(?: Press)?|Shutterstock|Alamy|SOPA(?: Images)?|Kyodo|PA(?: Wire)?|UPI|MTI|CTK|ČTK|LETA|ELTA|"
    r"BNS|TT|NTB|Handout|"
    r"HANDOUT|Pool|POOL|pool|Twitter|Telegram|Facebook|Instagram|YouTube|Wikimedia(?: Commons)?|Flickr|Maxar"
    r"(?: Technologies)?|Planet Labs|East News|Forum|Agencja Wyborcza\.pl|Press Association|Associated Press|"
    r"Shutterstock\.com|iStock|Unsplash|Imago|IMAGO|Belga|ANP|Keystone|WireImage|Stringer|STR|handout)"
)
_VIA: Final = rf"(?:\s+(?:via|through|for)\s+{AGENCY}(?:/{AGENCY})?)"
# Looked for first, since most lines have none of them.
_LABEL_HINTS: Final = (
    "photo", "image", "credit", "picture", "courtesy", "video", "screenshot", "illustration", "graphic", "map", "©",
    "фото", "фота", "світлин", "ілюстрац", "иллюстрац", "скр", "видео", "відео", "відэа", "fot", "zdj", "wideo",
)  # fmt: skip
_CAPTION_HINTS: Final = (
    "photo", "image", "picture", "seen", "shown", "grab", "(l", "(r", "(c", "(file", "фот", "світлин", "снимк", "знімк",
    "zdj",
)  # fmt: skip
_PHOTO_LABEL: Final = (
    r"(?:(?:file |handout |pool |cover |main |ap |afp |reuters |illustrative )?(?:photos?|photograph|"
    r"images?|pictures?|"
    r"video|illustration|screenshot|graphic|map)(?: (?:by|credits?|courtesy(?: of)?|via|from|source))?|"
    r"(?:image |picture |photo )?credits?|courtesy(?: of)?|фото|фота|світлина|світлини|ілюстрація|иллюстрация|"
    r"скриншот|скріншот|видео|відео|відэа|fot|foto|zdjęcie|zdjęcia|wideo)"
)
_BRACKETED: Final = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]\s*\.?\s*\Z")
_CREDIT_INSIDE: Final = re.compile(
    rf"(?:.{{0,80}}[/|]\s*)?{AGENCY}(?:{_VIA})?(?:[ ,/].{{0,40}})?\Z|"
    rf"(?i:{_PHOTO_LABEL})\s*[:/©.]?\s.{{1,100}}\Z|(?:AP|AFP|EPA|Reuters|REUTERS)\b.{{0,80}}\Z|"
    rf".{{1,80}}(?:\svia\s+{AGENCY}|/{AGENCY}(?:{_VIA})?)\Z|©.{{1,80}}\Z|(?i:file(?: photo)?)\Z"
)
_NAMES: Final = r"(?:[^\W\d_][\w.'’-]{0,30}\s){0,5}[^\W\d_][\w.'’-]{0,30}"
_CREDIT_WHOLE: Final = re.compile(
    rf"(?:(?:AP|AFP|EPA|REUTERS|Reuters|TASS|BelTA)(?:\s(?:Photo|Images?))?\s?/\s?{_NAMES}(?:{_VIA})?|"
    rf"[^/]{{1,80}}/\s?(?:[^/]{{1,40}}/)?{AGENCY}(?:{_VIA})?(?:\s(?:photo|images?))?|"
    rf".{{1,100}}{_VIA}|©\s?.{{1,80}}|{AGENCY})\s*\.?\Z"
)
_NAME_AND_AGENCY: Final = re.compile(
    rf"(?:[A-ZА-ЯІЎ][\w.'’-]{{1,30}} ){{1,3}}?[^\s/]{{2,30}}(?:/[^/\s]{{2,30}})?/{AGENCY}(?:{_VIA})?\Z"
)
_CREDIT_ALONE: Final = re.compile(rf"{AGENCY}(?:{_VIA})?")
# A headline may end so: `Kyiv Announces Truce via Telegram`.
_SAID_ONLINE: Final = re.compile(
    r"^(?!.*(?i:photo|video|handout|screenshot|press|service|/)).* via "
    r"(?:Twitter|Telegram|Facebook|Instagram|YouTube|TASS|BelTA)\Z"
)
_LABELLED_CREDIT: Final = re.compile(
    rf"(?P<label>(?i:(?<!\w){_PHOTO_LABEL}))\s?(?:[:©.|]\s?|(?<=by)\s|(?<=of)\s)(?P<who>[^:]{{2,100}})\Z"
)
_SOURCE_LABEL: Final = re.compile(
    r"(?:image |photo |video )?(?:sources?|via)\s?:\s?(?P<who>.{2,80})\Z|"
    r"(?:источники?|джерел[оа]|крыніц[аы]|źródł[oa]|за матеріалами|по материалам|zdjęcie|"
    r"za)\s?:\s?(?P<who2>.{2,80})\Z",
    re.IGNORECASE,
)
_LABELS_OF_TITLES: Final = word_set(
    "video видео відео відэа wideo map graphic photos pictures images illustration"
)
_SMALL_IN_NAMES: Final = word_set(
    "of the and via for by de van von / & press service pool photo handout screenshot video telegram channel "
    "пресс-служба пресс-центр министерство министерства минобороны обороны из и в на фото сайт канал "
    "прес-служба міністерство міністерства оборони із з та й "
    "прэс-служба міністэрства абароны ministerstwo ministerstwa obrony i archiwum prasowe materiały "
    "personal archive own social media"
)
_CAPTION_WORDS: Final = re.compile(
    r"\b(?:(?:is|are) (?:seen|pictured|shown)|pictured|(?:file|handout|undated|aerial|"
    r"satellite) (?:photo|picture|image)|"
    r"in this (?:\w+ ){0,3}(?:photo|picture|image|handout|photograph|grab|still)|screen ?grab|"
    r"still image|\((?:left|right|"
    r"center|centre|L|R|C|file)\))|(?:^|[.(])\s*(?:на (?:фото|снимке|фота|здымку|світлині|знімку)|"
    r"архивное фото|"
    r"архівне фото|архіўнае фота|na (?:zdjęciu|fotografii)|zdjęcie ilustracyjne|иллюстративное фото|"
    r"ілюстративне фото)",
    re.IGNORECASE,
)
_PRESENT: Final = re.compile(
    r"\b(?:stands?|sits?|walks?|waits?|gathers?|patrols?|attends?|speaks?|looks?|holds?|carr(?:y|ies)|"
    r"watch(?:es)?|shows?|"
    r"arrives?|pass(?:es)?|moves?|takes?|unloads?|loads?|rides?|drives?|fires?|meets?|shakes?|lands?|"
    r"drops?|inspects?|"
    r"train|trains|march(?:es)?|waves?|guards?|queues?|rests?|warms?|cross(?:es)?|run|runs|fl(?:y|"
    r"ies)|rises?|burns?|"
    r"participates?|constructs?|builds?|returns?|leaves?|enters?|works?|clears?|searches|poses?|"
    r"delivers?|addresses|"
    r"prepares?|lies?|lay|hugs?|smokes?|billows?|launch(?:es)?|parachutes?|descends?|jumps?|"
    r"disembarks?|boards?)\b"
)
_TOLD_VERBS: Final = re.compile(
    r"\b(?:said|says|told|according|announced|reported|added|was|were|had|has|have|will|would)\b",
    re.IGNORECASE,
)
_YEAR_AT_END: Final = re.compile(r"(?:19|20)\d\d\W{0,3}\Z")
_DAY_AND_YEAR: Final = re.compile(
    r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}, (?:19|20)\d\d|\d{1,2} [A-Z][a-z]{2,8}\.? (?:19|20)\d\d)\W{0,3}\Z"
)
_LONGEST_CAPTION_WORDS: Final = 60
_LAST_STOP: Final = re.compile(r"[.!?…][\"'”’»)]*\s+(?=\S)")


def is_furniture(line: str) -> bool:
    """Whether a line belongs to the page and not to the story; `line` has no blanks at its ends."""
    if len(line) > _LONGEST_LINK:
        return _is_icon_list(line)
    bare = line.strip(" \t:.…!»›>→▶►•·|-–—*#[]()\u200b\ufeff").lower()
    if not bare:
        return True
    if len(bare) <= _LONGEST_LABEL and (bare in _LABELS or _SECTION_NEWS.fullmatch(bare) is not None):
        return not line.endswith(".") or bare in _LABELS
    if _NUMBERS.match(line) or _ADDRESS.match(line) or _HASHTAGS.match(line) or _COUNTS.match(line):
        return True
    if _NOTICES.match(line) or _PHOTO_OF.match(line):
        return True
    told = ENDS_TOLD.search(line[-8:]) is not None
    if _LEADS.match(line) and not (told and len(line) > 160):
        return True
    if not told and _LINKS.match(line):
        return True
    return not told and (_is_crumbs(line) or _is_icon_list(line))


def is_label(words: str) -> bool:
    """Whether words are a label of a page, such as `Exclusive` or `Read more`."""
    return words.strip().lower() in _LABELS


def _is_crumbs(line: str) -> bool:
    """`Home > World > Europe`: short pieces between signs, three of them or the first one known."""
    pieces = [piece.strip() for piece in _CRUMBS.split(line)]
    if len(pieces) < 2 or not all(0 < len(piece) <= _LONGEST_LABEL for piece in pieces[:-1]):
        return False
    known = sum(piece.lower() in _LABELS for piece in pieces)
    if pieces[0].lower() in _LABELS and (len(pieces) > 2 or known == len(pieces)):
        return True
    return len(pieces) > 2 and 2 * known >= len(pieces)


def _is_icon_list(line: str) -> bool:
    """Names of buttons, glued together or in a row, with no sentence among them."""
    if ". " in line[:_LONGEST_LINK]:
        return False
    words = _WORD.findall(line[:2_000].lower())
    if len(words) < _SHORTEST_ICON_LIST:
        return False
    signs = sum(word in _ICON_WORDS or "icon" in word for word in words)
    return signs >= 0.6 * len(words)


def is_byline(line: str) -> bool:
    """Whether a line names who wrote it or when it appeared, and tells nothing else."""
    if len(line) > 400:
        return False
    if _SIGNED.match(line) or _CONTRIBUTED.search(line[-90:]):
        return True
    return is_author_line(line) or is_date_line(line) or _is_dated_name(line)


def _is_dated_name(line: str) -> bool:
    """`Jane Roe, 10 Nov 2021` or `Example News | Oct 15, 2022`: a few names, a sign, a date."""
    name = before_date(line)
    if not name or name[-1] not in ",|•·–—-":
        return False
    words = name.rstrip(" ,|•·–—-").split()
    return 0 < len(words) <= 4 and all(word[0].isupper() for word in words)


def is_author_line(line: str) -> bool:
    """Whether a line is `by` and names."""
    return author_of(line) != ""


def author_of(line: str) -> str:
    """The names in a line such as `By Jane Roe and John Doe, Minsk`; empty if it is none."""
    by = _BY.match(line) if len(line) <= 140 else None
    if by is None or line.endswith(("?", "!", ":")):
        return ""
    named = (before_date(line) or line).removesuffix(" on")[by.end() :]
    names = re.split(r"\s*(?:[,|•·(]|\s[-–—]\s)\s*", named.strip().rstrip("."), maxsplit=1)[0]
    words = names.split()
    if not 1 <= len(words) <= 9 or words[0].lower() in _AFTER_BY:
        return ""
    capitals = 0
    for word in words:
        if word[0].isupper():
            capitals += 1
        elif word.lower() not in _NAME_LINKS:
            return ""
    labelled = len(by["label"].strip(" :").split()) > 1 or by["label"].strip().lower().rstrip(":") != "by"
    if labelled:
        return names if capitals else ""
    # "By Land and Sea" has one name before its "and"; a person has two.
    first, second = words[0], words[1] if len(words) > 1 else ""
    dated = first.lower() in WEEKDAYS or (first.lower() in MONTHS and not second[:1].isalpha())
    return names if not dated and capitals >= 2 and first[0].isupper() and second[:1].isupper() else ""


def credit_start(line: str) -> int | None:
    """Where the credit of a picture begins that ends a line, 0 if all of it is one; None if there is none."""
    tail = line[-_LONGEST_CREDIT:]
    if len(line) <= _LONGEST_LABEL and _CREDIT_ALONE.fullmatch(line):
        return 0
    lower = tail.lower()
    has_label = _holds_any(lower, _LABEL_HINTS)
    if (
        not has_label
        and "/" not in tail
        and " via " not in tail
        and ":" not in tail
        and tail[-1:] not in (")", "]")
    ):
        return None
    offset = len(line) - len(tail)
    bracketed = _BRACKETED.search(tail) if tail.endswith((")", "]", ").", "].")) else None
    # "The agency (BelTA)." explains a name.
    explains = line.endswith(".") and _CREDIT_ALONE.fullmatch(bracketed[1] if bracketed else "")
    if bracketed and not explains and _CREDIT_INSIDE.match(bracketed[1]):
        return offset + bracketed.start()
    labelled = _LABELLED_CREDIT.search(tail) if has_label else None
    if labelled and _is_holder(labelled["label"], labelled["who"]):
        at = offset + labelled.start()
        if at == 0 or not line[at - 1].isalnum():
            return at
    source = _SOURCE_LABEL.match(line)
    if source and _is_who(source["who"] or source["who2"]):
        return 0
    stops = list(_LAST_STOP.finditer(tail))
    last = offset + stops[-1].end() if stops else 0
    rest = line[last:]
    if (
        len(rest) <= _LONGEST_CREDIT
        and len(rest.split()) <= 14
        and _CREDIT_WHOLE.match(rest)
        and _is_who(rest)
        and not (last == 0 and _SAID_ONLINE.search(rest))
    ):
        return last
    named = _NAME_AND_AGENCY.search(tail) if "/" in tail and not ENDS_TOLD.search(tail[-4:]) else None
    return offset + named.start() if named else None


def _holds_any(text: str, words: tuple[str, ...]) -> bool:
    # A plain loop: of a dozen short words it is thrice as fast as `any` or an alternation.
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


def _is_holder(label: str, who: str) -> bool:
    """Whether a label and what stands behind it are a credit, and no title: `Video: Drone Hits Refinery`."""
    if not _is_who(who):
        return False
    if re.search(AGENCY, who) or "/" in who:
        return True
    return label.split()[0].lower() not in _LABELS_OF_TITLES and len(who.split()) <= 6


def _is_who(words: str) -> bool:
    """Whether words name a holder of rights, as far as capitals tell, and no more."""
    parts = re.split(r"[\s,/]+", words.strip(" ./()[]"))
    if not 1 <= len(parts) <= 14:
        return False
    return all(
        not part or not part[0].islower() or part.lower() in _SMALL_IN_NAMES or "." in part for part in parts
    )


def is_caption(line: str) -> bool:
    """Whether a line without a credit reads like a caption: it says so, or shows a scene on a full date."""
    if len(line) > 500 or len(line.split()) > _LONGEST_CAPTION_WORDS:
        return False
    lower = line.lower()
    if (
        _holds_any(lower, _CAPTION_HINTS)
        and _CAPTION_WORDS.search(line)
        and len(_LAST_STOP.findall(line)) < 2
        and not _reports(line)
    ):
        return True
    return (
        _YEAR_AT_END.search(line[-8:]) is not None
        and _DAY_AND_YEAR.search(line[-40:]) is not None
        and _PRESENT.search(line) is not None
        and not _TOLD_VERBS.search(line)
        and not _LAST_STOP.search(line[:-40])
    )


def _reports(line: str) -> bool:
    return re.search(r"\b(?:said|told|according|announced|added|reported)\b", line) is not None


_OUTLET: Final = re.compile(
    r"(?:the )?(?:[^\W\d_][\w.'’&-]* ){0,4}(?:news|times|post|herald|tribune|journal|guardian|"
    r"telegraph|independent|mirror|"
    r"reuters|bbc(?: \w+)?|cnn|afp|tass|belta|pravda|правда|новости|новини|навіны|wiadomości|gazeta|"
    r"газета|agency|press|"
    r"radio|tv|today|daily|weekly|magazine|review|observer|chronicle|politico|aljazeera|al jazeera|"
    r"sputnik|rt|[\w-]+\.\w{2,4})",
    re.IGNORECASE,
)


def is_outlet(words: str) -> bool:
    """Whether words behind a headline's dash name a section or a paper."""
    return words.lower() in _LABELS or _OUTLET.fullmatch(words) is not None
