"""Pages of text that tests render, and how much of them was read."""

from collections.abc import Sequence

import numpy as np
import pylopdf_fonts_zh_cn as fonts
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]

PAPER = (252, 251, 247)
INK = (25, 25, 30)
WIDTH = 8.27  # inches of an A4 page
MARGIN = 0.8  # inches

ENGLISH = (
    "The house stood at the end of a long road.",
    "Nobody had lived there for thirty years,",
    "yet every evening at seven a lamp was lit",
    "in the window above the door. We asked",
    "the postman, the baker and Mrs. Hart (82),",
    "who owned the shop: none of them knew why.",
    "Tickets cost $12.50 before 6 p.m., and 20%",
    "more on Sundays & holidays. Call 555-0142.",
    "Quick brown foxes jump over lazy dogs;",
    "visit www.example.org or write to us.",
)
CHINESE = (
    "智能媒体管理服务可以识别照片里的人物和文字。",
    "每天早上七点他都会沿着河边跑步。",
    "北京市朝阳区建国路八十八号",
    "出门请带好护照、钱包和钥匙。",
    "今年秋天的苹果比去年更甜。价格也便宜一些。",
    "会议将于2026年11月23日下午三点举行。",
    "请勿在《图书馆》内大声喧哗或饮食。",
    "长城是世界文化遗产。每年有许多游客前来参观。",
)


def page(lines: Sequence[str], points: float, dpi: int, *, serif: bool = False, height: float = 5.8) -> Pixels:
    """Render lines on a page as wide as A4, and some inches high."""
    side = round(points * dpi / 72)
    font = ImageFont.truetype(str(fonts.serif_path() if serif else fonts.sans_path()), side)
    image = Image.new("RGB", (round(WIDTH * dpi), round(height * dpi)), PAPER)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((round(MARGIN * dpi), round(0.7 * dpi) + number * round(side * 1.55)), line, font=font, fill=INK)
    return np.asarray(image)


def turned(pixels: Pixels, degrees: float) -> Pixels:
    """Turn a page counterclockwise, and show all of it."""
    image = Image.fromarray(pixels).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=PAPER)
    return np.asarray(image)


def accuracy(read: str, written: str) -> float:
    """Return the share of letters, spaces and line ends included, that are right: 1 less the edit distance a letter."""
    row = list(range(len(written) + 1))
    for number, letter in enumerate(read, 1):
        above, row = row, [number]
        for place, wanted in enumerate(written, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != wanted)))
    return 1 - row[-1] / max(len(written), 1)
