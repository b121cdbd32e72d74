"""Shows files to one peer, within one process that has loaded it: `scan_peer.py PEER LIST`, LIST a file of paths."""
import contextlib
import io
import json
import sys
import time
from pathlib import Path


def magika():
    from magika import Magika

    model = Magika()
    return lambda path: model.identify_path(path).output.label


def olevba():
    from oletools.olevba import VBA_Parser

    def look(path):
        parser = VBA_Parser(str(path))
        try:
            return parser.detect_vba_macros() and parser.analyze_macros()
        finally:
            parser.close()

    return look


def pdfid():
    from pdfid import pdfid as module

    return lambda path: module.PDFiD(str(path))


look = {"magika": magika, "olevba": olevba, "pdfid": pdfid}[sys.argv[1]]()
paths = [Path(line) for line in Path(sys.argv[2]).read_text().splitlines()]
failed = 0
seconds = 0.0
# The first round loads what is loaded once.
for _ in range(2):
    failed = 0
    started = time.perf_counter()
    for path in paths:
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                look(path)
        except Exception:
            failed += 1
    seconds = time.perf_counter() - started
print(json.dumps({"files": len(paths), "failed": failed, "seconds": seconds}))
