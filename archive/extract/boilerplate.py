"""Blocks of a body that are none of the article's words, told by what they say: in the languages news is written in.

"Read also", bylines, share bars, newsletter boxes, copyright lines; and a heading such as "Related articles" or "About
the author" with all that follows it, where that is little and late.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

__all__ = ["clean"]

_TAGS: Final = frozenset({"p", "head", "quote", "list"})
_LONGEST: Final = 700
"""Characters of the longest block that is looked at: disclaimers."""
_LATE: Final = 0.7
"""Part of the text after which a heading may end it."""
_LITTLE: Final = 0.12
"""Part of the text that may stand in paragraphs after that heading …"""
_LONG: Final = 300
"""… and letters of each."""
_LEGAL_LONGEST: Final = 450

_NOTE: Final = re.compile(
    r"""(?:
    (?:©|\(c\)\s|copyright\b).{0,600}|disclaimer:?.*
    |-?\s*advertise?ment\b.{0,40}|ad(?:vert)?|anzeige|werbung|publicité|publicidad|reklama|\[?pr\]?
    |(?:read|see|view|load|show|learn)\ (?:more|next|also|on)\b.{0,20}
    |[\[(]?(?:read\ (?:also|more|next)|also\ read|see\ also|(?:read\ )?related(?:\ \w+)?|more
      |lesen\ sie\ (?:auch|mehr)|mehr\ zum\ thema
      |(?:à\ )?lire\ aussi|lea\ también|te\ puede\ interesar|leggi\ anche|leia\ (?:também|mais)|lees\ ook
      |czytaj\ (?:też|także|również)|читайте\ также|relacionad[oa]s?|zum\ thema)\s*[:：>»-].{0,200}
    |related(?:\ (?:content|articles?|stories|posts?|topics?|news|links?|reading|coverage|video))?\s*:?
    |(?:more|recent|latest|popular|trending|recommended|top|featured)
      \ (?:from|on|in|stories|articles|news|posts|reading|videos?|for\ you)\b.{0,40}
    |you\ (?:may|might|could)\ (?:also\ )?(?:like|be\ interested|enjoy).{0,40}
    |(?:sign|join|subscribe)\b.{0,160}\b(?:newsletters?|inbox|e-?mails?|updates)\b.{0,120}
    |(?:follow|like|join|find)\ us\ on\b.{0,80}
    |follow\ .{2,40}\ on\ (?:twitter|facebook|instagram|x|linkedin|google\ news).{0,60}
    |share(?:\ (?:this|on|via)\b.{0,40})?:?|tweet|print|e-?mail|pin\ it|copy\ link
    |comments?(?:\s*\(?\d+\)?)?|\d+\ comments?|leave\ a\ (?:comment|reply).{0,40}|no\ (?:comments|responses)(?:\ yet)?
    |join\ the\ (?:conversation|discussion).{0,40}
    |(?:\d+|[a-z]+)[-\s]*min(?:ute)?s?\.?\ read|reading\ time\b.{0,30}|lesezeit\b.{0,30}
    |\d+\ min(?:utes?)?\ de\ lect(?:ure|ura)
    |(?:last\ )?(?:updated|published|posted|modified)\s*(?:on|at|by)?\s*:?\s.{0,60}\d{4}.{0,30}
    |(?:photo|image|picture|foto|bild|credit|source|quelle)(?:\ (?:credit|by|courtesy))?\s*[:：].{0,100}
    |(?:written\ |reported\ |edited\ |story\ )?by:?\ (?:[a-zà-öø-þ×][\w.'’-]+[\s,]*(?:and\ )?){1,6}
    |loading\b.{0,30}|close|menu|search|skip\ to\b.{0,30}|back\ to\ top|jump\ to\b.{0,40}|(?:table\ of\ )?contents
    |tags?\s*:.{0,200}|topics?\s*:.{0,200}|filed\ under.{0,200}|categor(?:y|ies)\s*:.{0,150}|in\ this\ article:?
    |this\ (?:article|story|post|piece|essay)\b.{0,30}\ (?:originally|first)\ (?:appeared|published|ran)\b.{0,150}
    |(?:show|hide)\ captions?|[(\[](?:photos?|images?|credits?|pictures?|screenshots?|foto|bild)\b[^)\]]{0,120}[)\]]
    |\[/?[a-z][\w-]+\ [\w-]+=.*\]  # of a system that was not there to read it
    |d(?:ies)?er\ (?:artikel|text|beitrag)\b.{0,60}\b(?:zuerst|ursprünglich)\b.{0,60}\b(?:erschien|veröffentl).{0,60}
    |(?:article|story|content)\ continues\ (?:below|after)\b.{0,60}|weiter\ nach\ der\ (?:werbung|anzeige)
    |la\ suite\ après.{0,40}|continúa\ (?:después|tras)\b.{0,60}|continua\ (?:depois|após|dopo)\b.{0,60}
    |lees\ verder\ onder\b.{0,40}|juttu\ jatkuu.{0,40}
    |arti(?:keln\ fortsätter|kkelen\ fortsetter|klen\ fortsætter).{0,40}
    |an\ dieser\ stelle\ (?:finden|sehen|steht|wird)\b.{0,300}\binhalt.{0,200}
    |ich\ bin\ (?:damit\ )?einverstanden\b.{0,400}
    |(?:empfohlener\ )?(?:externer|redaktioneller)\ inhalt.{0,100}|waiting\ for\ your\ permission\ to\ load.{0,80}
    |this\ content\ is\ hosted\ by\ a\ third\ party.{0,300}|ce\ contenu\ (?:n['’]est\ pas|est\ bloqué).{0,300}
    )\s*""",
    re.VERBOSE,
)
_LEGAL: Final = re.compile(
    r"""\b(?:we|(?:this|our)\ (?:web)?site|uses?)\b.{0,40}\bcookies\b|verwendung\ von\ cookies
    |privacy\ policy|terms\ (?:of|and)\ (?:use|service|conditions)|user\ agreement
    |affiliate\ (?:links?|commission)|earn\ (?:a\ )?(?:small\ )?commission|not\ (?:constitute|intended).{0,40}advice
    |no\ part\ of\ th|without\ (?:the\ )?(?:prior|express)\ (?:written\ )?(?:permission|consent)
    |subscription\ (?:could\ not\ be|has\ been)|videos?\ (?:capable\ browser|file\ format)
    |your\ (?:inbox|e-?mail\ address)|by\ signing\ up|sign\ up\b.{0,80}\b(?:newsletters?|inbox|e-?mails?)|unsubscribe
    |powered\ by\W+\w+\W*$
    |\bjavascript\b.{0,30}\b(?:enable|disabled|required)
    |as\ little\ as\ [$€£]\d|\b(?:make|consider)\ a\ (?:small\ |tax-deductible\ )?(?:donation|contribution|gift)\b
    |support\ (?:our|independent|quality|nonprofit)\ (?:journalism|newsroom|reporting|work)\b
    |\bunterstützen\ sie\ (?:uns|unsere)\b|\bmit\ einer\ spende\b
    |\bfaire\ un\ don\b|\bsoutenez(?:-|\ )(?:nous|notre)\b
    |\bhaz\ una\ donación\b|\bfai\ una\ donazione\b|\bfaça\ uma\ doação\b|\bdoneer\b|\bwesprzyj\ nas\b
    |all\ rights\ reserved|alle\ rechte\ vorbehalten|tous\ droits\ réservés|todos\ los\ derechos\ reservados
    |無断転載""",
    re.VERBOSE,
)
"""Said in the first three or the last four blocks, of the site; said in the middle, it may be the news."""
_LEGAL_WORDS: Final = (
    *("cookies", "policy", "terms ", "agreement", "affiliate", "commission", "advice", "no part of th", "without "),
    *("subscription ", "video", "inbox", "mail address", "signing up", "sign up", "unsubscribe", "powered by"),
    *(
        "javascript",
        "as little as",
        " donation",
        " contribution",
        " gift",
        "support ",
        "unterstützen sie",
        "einer spende",
    ),
    *("un don", "soutenez", "una don", "uma doação", "doneer", "wesprzyj", "rights reserved", "rechte vorbehalten"),
    *("droits réservés", "derechos reservados", "無断転載"),
)
"""Each alternative of that holds one of these, and to look for them takes a tenth of the time."""
_SIGNED: Final = re.compile(
    r"""\W*(?:(?:additional\ |with\ )?reporting\ by|includes\ (?:information|reporting)\ (?:from|by)|contributing:)\ .*
    |(?:have\ a\ (?:news\ )?tip\?\ )?[^?]*\b(?:contact|follow|tips?|reach(?:ed)?)\b[^?]*\S@[\w-]+\.\w.*""",
    re.VERBOSE,
)
"""Said in the last four blocks, of who wrote and how to reach them."""
_SIGNED_LONGEST: Final = 300
_CREDIT: Final = " Credit: "
_CAPTION: Final = 220
_CREDITED: Final = 60
"""Letters of a caption before that, and of the names after it."""
_END: Final = re.compile(
    r"""(?:[■▼●◆【\[]\s*)?(?:
    (?:related|recommended|popular|trending|latest|recent|similar|further|more|other|featured|editor['’]?s'?)
      \ (?:content|articles?|stories|posts?|topics?|news|links?|reading|reads|coverage|videos?|picks?|from\b.{0,30}
      |on\b.{0,40}|in\b.{0,40}|like\ this|blogs?|resources|products?|searches|investing\b.{0,20})
    |related|read\ (?:more|next|also)|more\ (?:\S+\ ){0,3}(?:to\ read|stories|coverage|articles).{0,20}
    |what\ to\ read\ next|up\ next|see\ also
    |keep\ reading|don['’]t\ miss.{0,20}|most\ (?:read|popular|viewed).{0,30}
    |you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested).{0,30}|you['’]ll\ also\ love.{0,20}
    |(?:leave|post|add|write)\ a\ (?:comment|reply).{0,30}|(?:\d+\ )?(?:comments?|responses|replies)
    |reader\ interactions|join\ the\ (?:conversation|discussion).{0,30}|discussion
    |about\ the\ authors?|about\ (?:me|us)|author\ bio|meet\ the\ author|written\ by
    |our\ (?:customers|newsletters?)|footnotes?:?|disclaimer:?|tags?:?|categories|filed\ under.{0,20}
    |(?:subscribe|sign\ up|newsletter|stay\ (?:up[- ]to[- ]date|informed|connected|in\ the\ know)
      |be\ the\ first\ to\ know|get\ (?:the\ latest|our)\b).{0,80}
    |share(?:\ this)?(?:\ (?:article|post|story|page))?|follow\ us.{0,20}
    |mehr\ (?:zum\ thema|aus\b.{0,30}|artikel).{0,20}|das\ könnte\ (?:sie|dich|ihnen).{0,30}
    |(?:lesen\ sie|lies)\ auch.{0,20}|weitere\ (?:themen|artikel|nachrichten|meldungen|informationen).{0,20}
    |aus\ dem\ ressort|themen\ des\ artikels|meistgelesen.{0,20}|kommentare?n?|schlagw[oö]rt.{0,10}
    |(?:à\ )?lire\ (?:aussi|également).{0,20}|(?:sur\ le\ même|dans\ la\ même)\ (?:sujet|thème|rubrique).{0,20}
    |articles?\ (?:similaires|liés|recommandés).{0,10}|commentaires?|vous\ aimerez\ aussi.{0,20}|les\ plus\ lus
    |(?:te|le)\ puede\ interesar.{0,20}|(?:noticias|artículos|contenidos?|temas)\ relacionad[oa]s?.{0,10}
    |lo\ más\ (?:leído|visto).{0,10}|más\ (?:noticias|información).{0,30}|comentarios
    |(?:leggi|potrebbe\ interessarti)\ anche.{0,20}|articoli\ correlati
    |leia\ (?:também|mais).{0,20}|(?:veja|confira)\ (?:também|mais).{0,20}|(?:notícias|matérias|posts)\ relacionad[oa]s
    |mais\ lidas.{0,10}|comentários
    |lees\ (?:ook|meer).{0,20}|meer\ (?:over|nieuws).{0,30}|gerelateerd.{0,20}
    |czytaj\ (?:też|także|również|więcej).{0,30}|zobacz\ (?:też|także|również).{0,20}
    |čtěte\ (?:také|dále).{0,20}|související.{0,20}
    |läs\ (?:också|mer|även).{0,20}|les\ også.{0,20}|læs\ også.{0,20}|lue\ myös.{0,20}
    |читайте\ (?:также|ещё).{0,20}|по\ теме|похожие\ (?:статьи|новости|материалы)|комментарии|читайте\ також.{0,20}
    |devamini\ oku|ilgili\ haberler|baca\ juga.{0,20}|berita\ terkait
    |関連(?:記事|ニュース|リンク|キーワード|トピックス|企業・業界).{0,10}|あわせて読みたい.{0,10}
    |(?:最新|人気|おすすめ)の?.{0,6}記事|おすすめ|ランキング
    |相关(?:阅读|新闻|文章|推荐).{0,6}|延伸阅读|推荐阅读|相關(?:新聞|文章|報導)|延伸閱讀|관련\ ?기사|많이\ 본.{0,6}
    )[】\]]?\s*[:：…>»]*""",
    re.VERBOSE,
)


def clean(body: etree._Element) -> None:
    """Take such blocks out of a body."""
    blocks = [(element, " ".join("".join(map(str, element.itertext())).split())) for element in body]
    end = _end([(str(element.tag), text) for element, text in blocks])
    for element, _ in blocks[end:]:
        body.remove(element)
    for number, (element, text) in enumerate(blocks[:end]):
        if element.tag in _TAGS and len(text) < _LONGEST:
            said = _folded(text)
            outer = element.tag != "head" and (number < 3 or number >= max(end - 4, 0.6 * end))
            late = number >= end - 4 and len(text) < _SIGNED_LONGEST
            if (
                "all rights reserved" in said
                or _NOTE.fullmatch(said)
                or (outer and _is_legal(said))
                or (late and _SIGNED.fullmatch(said))
                or _is_caption(text)
            ):
                body.remove(element)
    while len(body) and body[-1].tag in ("head", "lb"):
        body.remove(body[-1])
    _clean_start(body)


def _is_legal(text: str) -> bool:
    if len(text) >= _LEGAL_LONGEST or not any(word in text for word in _LEGAL_WORDS):
        return False
    return _LEGAL.search(text) is not None


def _is_caption(text: str) -> bool:
    if _CREDIT not in text:
        return False
    caption, _, names = text.rpartition(_CREDIT)
    return len(caption) <= _CAPTION and len(names) <= _CREDITED


def _folded(text: str) -> str:
    """In lower case, in which the patterns are: to try each in either case takes five times as long."""
    return text.replace("İ", "i").lower().replace("ı", "i")


def _end(blocks: list[tuple[str, str]]) -> int:
    """The number of the block that ends the article, which goes with all after it."""
    total = sum(len(text) for _, text in blocks)
    before = 0
    for number, (tag, text) in enumerate(blocks):
        late = number > 0 and before >= _LATE * total
        if late and tag in ("p", "head") and len(text) < 90 and _END.fullmatch(_folded(text)):
            long = 120 if tag == "head" else 0  # a paragraph that reads like it may as well be a note
            left = [(kind, len(other)) for kind, other in blocks[number + 1 :] if len(other) > long]
            longest = max((letters for kind, letters in left if kind != "list"), default=0)
            if longest <= _LONG and sum(letters for _, letters in left) < _LITTLE * total:
                return number
        before += len(text)
    return len(blocks)


def _clean_start(body: etree._Element) -> None:
    """Take out titles of other pages above the first sentence, where there are many."""
    titles: list[etree._Element] = []
    for element in body:
        text = "".join(map(str, element.itertext())).strip()
        if element.tag in ("p", "quote") and (len(text) >= 120 or (len(text) >= 60 and text[-1] in _STOPS)):
            break
        titles.append(element)
    else:
        return
    if len(titles) >= 5:
        for element in titles:
            body.remove(element)


_STOPS: Final = '.!?。”"'
