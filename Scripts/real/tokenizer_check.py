"""Holds 'mole checkpoint tokenize' against the tokenizers library on some thousand texts.

    python Scripts/real/tokenizer_check.py MOLE FOLDER

FOLDER has a tokenizer.json. Prints how many texts give the same numbers, and the first that do not; exit 1
when there is one.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from texts import texts
from tokenizers import Tokenizer


def ours(mole, folder, lines):
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "texts.json"
        path.write_text(json.dumps(lines))
        output = subprocess.run(
            [mole, "checkpoint", "tokenize", folder, "--texts", path, "--no-beginning"], stdout=subprocess.PIPE,
            check=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def check(mole, folder):
    """The number of texts, of tokens, and the texts that differ with both answers."""
    library = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    added = [piece.content for piece in library.get_added_tokens_decoder().values()]
    lines = texts(added)
    found = ours(mole, folder, lines)
    expected = [encoding.ids for encoding in library.encode_batch(lines, add_special_tokens=False)]
    wrong = [case for case in zip(lines, expected, found, strict=True) if case[1] != case[2]]
    return len(lines), sum(map(len, expected)), wrong


def main(mole, folder):
    count, tokens, wrong = check(mole, folder)
    print(f"{count - len(wrong)} of {count} texts agree, {tokens} tokens: {folder}")
    for text, expected, found in wrong[:10]:
        print(f"  {text!r}: {found} instead of {expected}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
