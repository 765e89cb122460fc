"""What of a ticket is about its matter: sentences without greeting, thanks, signature, quoted mail and log lines.

Invariant: every sentence is a part of the ticket's text, in its order; a ticket of nothing but courtesies keeps all
of its lines, so that what is read is never empty while the ticket is not.
"""

import re

from copilot.language.sentences import Span, sentence_spans, sentences

LONGEST = 20_000
_GREETING = re.compile(
    r"^\s*(?:(?:hi|hello|hey|hiya|dear|greetings|good (?:morning|afternoon|evening|day)|bonjour|bonsoir|salut|slt|"
    r"chère?s?|madame|monsieur|coucou)\b[^.!?,:;–—\n]{0,50}(?:[,!.:;–—]+|$))(?:\s*[:;]-?\))?\s*",
    re.IGNORECASE,
)
# "Merci de me rappeler" wishes for something, "merci de votre aide" does not.
_NO_WISH = (
    r"(?!\s+(?:de\s+|d['’]\s*)(?!(?:votre|vos|notre|ton|ta|tes|cette|cet|ce)\b)(?:\w+\s+)?"
    r"(?:me|nous|bien|vouloir|\w+[eio]r|\w+re)\b)"
)
# A line that ends a letter: the name and the signature follow.
_SIGN_OFF = re.compile(
    r"^\s*(?:--+\s*$|__+\s*$|(?:(?:kind|best|warm|many|with)\s+)*(?:regards|wishes)\b|best\s*[,!.]?$|cheers\b|"
    r"yours\s+(?:sincerely|faithfully|truly)|sincerely\b|sent from my\b|"
    r"(?:(?:bien|très)\s+)?(?:cordialement|amicalement)\b|cdt\b|salutations\b|envoyé depuis\b|"
    r"bonne (?:journée|soirée|semaine)|(?:(?:many|with|and)\s+)*(?:thanks|thank you|thx|"
    rf"merci)\b{_NO_WISH}[^.?!]{{0,40}}[.,!]*\s*$)",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^\s*(?:many |with |and )*(?:thanks?\b|thank you\b|thx\b|d'avance merci|cheers\b|"
    rf"merci\b{_NO_WISH}|"
    r"any help\b.{0,30}appreciated|"
    r"i look forward|looking forward|have a (?:nice|good|great|lovely)|bonne (?:journée|soirée|semaine)|"
    r"dans l['’]attente|en vous remerciant|je vous remercie|i hope (?:you|this)\b.{0,30}\bwell\b|"
    r"bien à vous|(?:bien )?cordialement|(?:kind |best )?regards)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^\s*>")
_ATTRIBUTION = re.compile(r"^\s*(?:on|le)\b.{5,120}\b(?:wrote|écrit)\s*:\s*$", re.IGNORECASE)
_MACHINE = re.compile(
    r"^\s*(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d|\[?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|"
    r"TRACE)\b\]?\s*[:\[(-]|"
    r"at [\w$.]+\(|File \".*\", line \d|Traceback|[{}\[\]]+,?\s*$|\"\w+\"\s*:|[$#]\s\w|<\/?\w+[^>]*>\s*$|```)"
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def story(text: str, language: str) -> list[str]:
    """The sentences of `text` that tell or ask something, in order."""
    text = text[:LONGEST]
    told = [text[span.start : span.end] for line in said(text) for span in told_in(text, line, language)]
    return told or sentences(text, language)


def said(text: str) -> list[Span]:
    """The lines up to the one that ends the letter, without quoted and machine-made ones, and without a greeting."""
    kept: list[Span] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        if _ATTRIBUTION.match(line) or (kept and _SIGN_OFF.match(line)):
            break
        if line.strip() and not _QUOTED.match(line) and not _is_machine(line.rstrip()):
            greeting = _GREETING.match(line)
            start = greeting.end() if greeting else len(line) - len(line.lstrip())
            kept.append(Span(offset + start, offset + max(start, len(line.rstrip()))))
        offset += len(line)
    return kept


def told_in(text: str, line: Span, language: str) -> list[Span]:
    """The sentences of one of these lines, without courtesies."""
    spans = (
        Span(line.start + span.start, line.start + span.end)
        for span in sentence_spans(text[line.start : line.end], language)
    )
    return [span for span in spans if _tells(text[span.start : span.end])]


def _tells(sentence: str) -> bool:
    return not _COURTESY.match(sentence) and _WORD.search(sentence) is not None


def _is_machine(line: str) -> bool:
    """Whether a program wrote it: a log line, a stack frame, mark-up, or hardly any words among signs."""
    letters = sum(map(len, _WORD.findall(line)))
    return bool(_MACHINE.match(line)) or (len(line) > 20 and letters < 0.45 * len(line.replace(" ", "")))
