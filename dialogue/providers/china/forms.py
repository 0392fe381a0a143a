"""How an address is composed: the kinds of regions in, patterns with weights out."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.providers.china.layouts import pieces
from dialogue.providers.weighted import spread

if TYPE_CHECKING:
    from dialogue.value import Surface

LETTERS = {"P": "省", "C": "市", "D": "县", "X": "详细地址"}
# By what the region is, with weights: capital letters are whole names
# (province, city, county, detail), small ones short names; everything else is text without a label.
FORMS = {
    "plain": {
        "PCDX": 150, "CDX": 90, "DX": 60, "PDX": 22, "CX": 36, "PCX": 18, "X": 90,
        "pcDX": 75, "pCDX": 45, "cDX": 90, "cdX": 48, "pcdX": 55, "dX": 26, "pDX": 26, "pdX": 10,
        "cX": 38, "pcX": 16, "PcDX": 8, "PcdX": 5, "CdX": 6, "pCdX": 3, "PcX": 3, "pCX": 4,
        "P C D X": 26, "PCD X": 26, "p c d X": 12, "p c D X": 8, "C D X": 10, "CD X": 10,
        "cD X": 10, "pc X": 4, "c X": 4, "D X": 5, "P CD X": 3, "PCD  X": 3, "P  C  D  X": 2,
        "P/C/D/X": 8, "P，C，D，X": 4, "P,C,D,X": 4, "P-C-D-X": 5, "P-C-D X": 5, "PCD，X": 5,
        "PCD,X": 4, "CD，X": 5, "P、C、D、X": 2, "PCD-X": 4, "PCD\nX": 4, "P.C.D.X": 2,
        "PCPCDX": 7, "CCDX": 6, "cCDX": 5, "PPCDX": 2, "PCDPCDX": 5, "PCD PCDX": 4, "CDCDX": 3,
        "DDX": 3, "pcDpcDX": 1, "PCD CDX": 2,
        "X，D，C，P": 7, "X,D,C": 5, "X，CD": 7, "X（CD）": 4, "X，PCD": 7, "X PCD": 5, "X(cD)": 3,
        "XDCP": 2, "X D C P": 2, "X D C": 2, "XDC": 1, "X，cd": 2,
        "X,cD": 3, "X（c）": 3, "X，c": 3, "X -D -C -P": 1,
        "中国PCDX": 4, "中国pcDX": 2, "(PCD)X": 3, "【PCD】X": 2, "PCDX-": 3,
        "PCD_X": 1, "PC市辖区DX": 6, "PCDnull X": 1, "PCDX_": 1, "CDX 电联": 3,
        "PCDX电联": 2, "DX 电联": 2, "PCDX null": 3, "CDX（电联）": 2, "DX-": 2, "CDX--": 1,
        "CDX。": 3, "PCDX.": 2,
        "cDX（p）": 2, "（c）DX": 2, "pc的DX": 2, "c的DX": 4, "cD的X": 3, "D的X": 2,
    },
    # A county that is a city of its own: 江苏昆山, 昆山市.
    "county city": {
        "PCDX": 60, "CDX": 28, "DX": 70, "PDX": 60, "pDX": 50, "pdX": 40, "dX": 48, "X": 22,
        "cDX": 18, "pcDX": 14, "cdX": 8, "pcdX": 8, "P D X": 8, "PD X": 8, "p d X": 5, "d X": 4,
        "P C D X": 8, "P/C/D/X": 3, "X，D，P": 3, "X（D）": 3, "X，pd": 3, "DDX": 3, "PDPDX": 2,
        "PCDPCDX": 2, "d的X": 3, "P-D-X": 2, "中国PDX": 1, "D，X": 3,
    },
    # Province and city in one: said once it is the city.
    "municipality": {
        "CDX": 150, "cDX": 105, "cdX": 75, "DX": 50, "dX": 20, "CX": 22, "cX": 26, "X": 34,
        "PCDX": 44, "pCDX": 26, "pcDX": 5, "PcDX": 2, "C D X": 20, "CD X": 16, "c d X": 6,
        "c D X": 5, "cD X": 8, "P C D X": 8, "C/D/X": 3, "P/C/D/X": 5, "C-D-X": 3, "C，D，X": 3,
        "C市辖区DX": 22, "PC市辖区DX": 10, "CDX 电联": 3, "XDC": 2, "X D C": 3, "CDCDX": 3,
        "CD CDX": 2, "X，D，C": 4, "X，CD": 5, "X（cD）": 4, "X（c）": 3,
        "中国CDX": 4, "中国cDX": 2, "CDX-": 3, "(CD)X": 3, "C，X": 2,
        "c的DX": 3, "D的X": 2, "CD，X": 4, "CDX。": 2, "DDX": 2,
    },
    # Governed by the province itself: it has no city above it.
    "governed": {
        "PDX": 80, "pDX": 50, "pdX": 36, "DX": 50, "dX": 30, "X": 10, "P D X": 12, "PD X": 8,
        "p d X": 4, "P/D/X": 3, "PDDX": 4, "P省直辖县级行政区划DX": 24, "X，D，P": 5, "X（D）": 3,
        "DDX": 3, "中国PDX": 2, "PDPDX": 2, "D X": 4, "PDX-": 2,
    },
    # A city without counties.
    "undivided": {
        "PCX": 80, "pcX": 55, "pCX": 35, "CX": 55, "cX": 60, "X": 20, "P C X": 12, "PC X": 10,
        "p c X": 5, "P/C/X": 3, "CCX": 5, "PCPCX": 4, "PCCX": 3, "X，C，P": 4, "X（c）": 4,
        "中国PCX": 2, "C X": 4, "c的X": 3, "PCX-": 2, "X，PC": 2,
    },
}  # fmt: skip
AUTONOMOUS = "governed by an autonomous region"
COUNTY = "county of a municipality"
FORMS[COUNTY] = {
    pattern.replace("市辖区", "县"): weight for pattern, weight in FORMS["municipality"].items()
}
FORMS[AUTONOMOUS] = {
    pattern.replace("省直辖", "自治区直辖"): weight for pattern, weight in FORMS["governed"].items()
}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to compose an address: which of province, city and county are short, the pieces."""

    short: tuple[int, ...]
    surface: Surface
    said: tuple[int, ...]


@functools.cache
def forms(kind: str) -> tuple[Form, ...]:
    """Return the forms of a kind of region, as often as they weigh."""
    return spread({_form(pattern): weight for pattern, weight in FORMS[kind].items()})


def _form(pattern: str) -> Form:
    braced = "".join(f"{{{LETTERS[c.upper()]}}}" if c.upper() in LETTERS else c for c in pattern)
    short = (at for at, letter in enumerate("pcd") if letter in pattern)
    said = (at for at, letter in enumerate("pcd") if letter in pattern.lower())
    return Form(tuple(short), pieces(braced), tuple(said))
