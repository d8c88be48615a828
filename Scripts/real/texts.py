"""Texts that tokenizers trip over, some thousands, always the same for the same commit."""

import random
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# First and last characters of stretches of Unicode, old and new.
SCRIPTS = {
    "latin": (0x20, 0x24F), "ipa and modifiers": (0x250, 0x2FF), "marks": (0x300, 0x36F), "greek": (0x370, 0x3FF),
    "cyrillic": (0x400, 0x52F), "armenian": (0x530, 0x58F), "hebrew": (0x590, 0x5FF), "arabic": (0x600, 0x6FF),
    "syriac to samaritan": (0x700, 0x83F), "arabic extended": (0x870, 0x8FF), "devanagari": (0x900, 0x97F),
    "bengali to malayalam": (0x980, 0xD7F), "sinhala to tibetan": (0xD80, 0xFFF), "myanmar to ethiopic": (0x1000, 0x139F),
    "cherokee to khmer": (0x13A0, 0x17FF), "mongolian to balinese": (0x1800, 0x1B7F), "georgian": (0x10A0, 0x10FF),
    "phonetic": (0x1D00, 0x1DFF), "latin and greek extended": (0x1E00, 0x1FFF), "punctuation": (0x2000, 0x206F),
    "super- and subscripts, currency": (0x2070, 0x20CF), "letterlike, numbers": (0x2100, 0x218F),
    "arrows and operators": (0x2190, 0x22FF), "technical and enclosed": (0x2300, 0x24FF), "boxes": (0x2500, 0x27BF),
    "braille and mathematics": (0x2800, 0x2BFF), "glagolitic to supplemental": (0x2C00, 0x2E7F),
    "cjk symbols": (0x3000, 0x33FF), "han": (0x4E00, 0x9FFF), "yi to lisu": (0xA000, 0xA4FF), "vai to phags-pa": (0xA500, 0xA87F),
    "saurashtra to meetei": (0xA880, 0xABFF), "hangul": (0xAC00, 0xD7FF), "private": (0xE000, 0xE0FF),
    "compatibility": (0xF900, 0xFAFF), "presentation": (0xFB00, 0xFEFF), "full width": (0xFF00, 0xFFFF),
    "linear b to aegean": (0x10000, 0x101FF), "ancient": (0x10280, 0x1057F), "later ancient": (0x10800, 0x10FFF),
    "brahmi and later": (0x11000, 0x11FFF), "cuneiform": (0x12000, 0x1254F), "hieroglyphs": (0x13000, 0x1345F),
    "mathematical alphabets": (0x1D400, 0x1D7FF), "emoji": (0x1F300, 0x1FAFF), "legacy": (0x1FB00, 0x1FBFF),
    "rare han": (0x20000, 0x2A6DF), "tags": (0xE0000, 0xE01EF), "other numbers": (0x10100, 0x1018F),
}
SPACES = list("\t\n\x0b\x0c\r \x1c\x1d\x1e\x1f\x85\xa0\u1680\u180e") + [chr(c) for c in range(0x2000, 0x2010)] + list(
    "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff")
WORDS = (
    "the robot closes 't we're they've I'M we'll I'd don't 'S 'Ll naïve café Straße Привет мир 機械 学习 안녕 नमस्ते "
    "สวัสดี مرحبا שלום 👩‍👩‍👧‍👦 🇩🇪 🏳️‍🌈 👍🏽 x² ½ Ⅷ ٣٤ 一二三 3.14 1e-5 0xFF 007 a_b --flag foo() {} [] => != ... ?! \"q\" `c` "
    "http://a.b/c?d=e#f C:\\dir\\n e\u0301 Å \u212b ﬁ ﬀ ß İ ı ǅ ʼn 'twas rock'n'roll \u2019s \u2019t <| |> <s> </s>").split(" ")


def repository_lines():
    """Lines and whole paragraphs of our own code and prose."""
    files = subprocess.run(["git", "ls-files", "*.swift", "*.py", "*.md", "*.yaml"], cwd=ROOT, capture_output=True,
                           text=True, check=True).stdout.split()
    for name in files[::7]:
        text = (ROOT / name).read_text()
        lines = text.split("\n")
        yield from lines[::9]
        yield "\n".join(lines[10:22])


def scripts(generator, count):
    for low, high in SCRIPTS.values():
        for _ in range(count):
            letters = [chr(generator.randint(low, high)) for _ in range(generator.randint(1, 12))]
            letters = [c for c in letters if not 0xD800 <= ord(c) < 0xE000]
            for _ in range(generator.randint(0, 3)):
                letters.insert(generator.randint(0, len(letters)), generator.choice([" ", "  ", "1", "a", "'s", "\n", "."]))
            yield "".join(letters)


def mixtures(generator, added, count):
    parts = WORDS + SPACES + [" ", "  ", "    ", "\n\n"] * 4
    for index in range(count):
        pool = parts + added * (1 if index % 3 else 4)
        chosen = generator.choices(pool, k=generator.randint(1, 14))
        yield generator.choice(["", " "]).join(chosen)


def numbers(generator, count):
    for _ in range(count):
        value = generator.choice([generator.randint(0, 10**12), generator.uniform(-1e6, 1e6), generator.gauss(0, 1)])
        yield generator.choice(["{}", " {:,}", "x={:e};", "{}%", "${:.2f} ", "({0})-[{0}]"]).format(value)


def texts(added):
    """All of them.

    added: the pieces that are looked for in the text before anything else.
    """
    generator = random.Random(20261121)
    result = ["", " ", "\n", "a", "\x00", "\x7f", "\U0010ffff", "ab" * 3000, " " * 500, "\n" * 200, "7" * 400]
    result += list(repository_lines())
    result += scripts(generator, 25)
    result += mixtures(generator, added, 1500)
    result += numbers(generator, 300)
    result += [f"{a}{b}{c}" for a in ("x", " ", "") for b in added for c in ("y", " ", "\n")]
    return result
