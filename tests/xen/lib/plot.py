# SPDX-License-Identifier: GPL-2.0-or-later
"""Horizontal bars in parts, as an SVG for a README.

The picture follows the reader's light or dark colours, has no background of
its own, and the same data give the same bytes.
"""

from xml.sax.saxutils import escape

NAME, BAR, END = 150, 430, 150      # widths: names, the longest bar, figures
ROW, THICK, HEAD, FOOT = 30, 16, 64, 40

STYLE = """
  text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 15px; }
  .faint { fill: #59636e; font-size: 12px; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .part0 { fill: #8c959f; } .part1 { fill: #0969da; } .part2 { fill: #e07b39; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .faint { fill: #9198a1; } .grid { stroke: #3d444d; }
    .part0 { fill: #6e7681; } .part1 { fill: #4493f8; } .part2 { fill: #f0883e; }
  }
"""


def step(most):
    """The distance of the lines of a scale up to `most`: at most six."""
    size = 1
    while True:
        for times in (1, 2, 5):
            if most <= 6 * size * times:
                return size * times
        size *= 10


def bars(title, unit, parts, rows):
    """
    The picture: `parts` are the names of a bar's parts, at most three, and
    `rows` are pairs of a name and the parts' lengths, in `unit`s, from left
    to right; the figures are written behind, all but the first with a plus.
    """
    most = max(sum(lengths) for _, lengths in rows)
    width = NAME + BAR + END
    bottom = HEAD + ROW * len(rows)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} '
           f'{bottom + FOOT}" width="{width}" height="{bottom + FOOT}" '
           f'role="img">', f"<title>{escape(title)}</title>",
           f"<style>{STYLE}</style>",
           f'<text class="title" x="0" y="18">{escape(title)}</text>']
    place = NAME
    for number, name in enumerate(parts):
        out.append(f'<rect class="part{number}" x="{place}" y="33" width="12" '
                   f'height="12" rx="2"/><text x="{place + 17}" y="44">'
                   f"{escape(name)}</text>")
        place += 40 + 7 * len(name)
    value = 0
    while value <= most:
        x = NAME + round(BAR * value / most)
        out.append(f'<line class="grid" x1="{x}" y1="{HEAD - 6}" x2="{x}" '
                   f'y2="{bottom}"/><text class="faint" x="{x}" '
                   f'y="{bottom + 16}" text-anchor="middle">{value}</text>')
        value += step(most)
    out.append(f'<text class="faint" x="{NAME}" y="{bottom + 33}">'
               f"{escape(unit)}</text>")
    for number, (name, lengths) in enumerate(rows):
        top = HEAD + ROW * number + (ROW - THICK) // 2
        out.append(f'<text x="{NAME - 8}" y="{top + 13}" text-anchor="end">'
                   f"{escape(name)}</text>")
        done = 0
        for part, length in enumerate(lengths):
            x = NAME + round(BAR * done / most)
            done += length
            end = NAME + round(BAR * done / most)
            if end > x:
                out.append(f'<rect class="part{part}" x="{x}" y="{top}" '
                           f'width="{end - x}" height="{THICK}"/>')
        figures = f"{lengths[0]}" + "".join(f" + {length}"
                                            for length in lengths[1:]
                                            if length)
        out.append(f'<text x="{NAME + round(BAR * done / most) + 8}" '
                   f'y="{top + 13}">{figures}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"
