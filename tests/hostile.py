"""Names that try to be markup. A report with one of them must have the same structure as with a tame name."""

from __future__ import annotations

from symnet import Conv, Deconv, Network

__all__ = ["HOSTILE", "named"]

HOSTILE = (
    "<script>alert(1)</script>",
    "</style></svg><img src=x onerror=alert(1)>",
    "a|b|c",
    "`x` ``y`` ```z",
    "$x$ \\(y\\) $$z$$",
    "\\input{/etc/passwd} \\end{document} \\write18{ls}",
    "]]> <!-- /symnet --> -->",
    "&amp; &lt; &#60; &",
    "one\ntwo\n\n# three\n- four",
    "\u202egnp.exe \u2066left\u2069 \u200f",
    "**bold** _em_ [link](javascript:alert(1)) ![i](//x.example/i.png)",
    "{: onclick=alert(1) } {#layer-9 .c}",
    "\"'><b>",
    "%s {0} %(x)s {symnet: W}",
    "\x02amp\x03 \x07 \ue000" + "0\ue001 \ue002",
    "1. ~~~ === --- +++",
    "ünïcödé 卷积 שלום",
    "x" * 400,
    "a\r<script>alert(1)</script>\r\n\r\n<script>alert(2)</script>",
    "line\u2028<b>\u2029para\x85next\x0bvertical\x0cform",
    "nul\x00 esc\x1b[31m\x1b]8;;http://x.example\x07 del\x7f csi\x9b2J",
    "half \ud800 pair \udfff",
    "*) Axiom cheat : False. (* Qed. End derivation. \\",
    "a\\\\|b\\|c\\",
    "`",
    "``` ~~~\r```",
    "</title></desc></details><script>alert(1)</script>",
    "$`x`$ \\(a\\) &lt;i&gt; &#x3c;",
)


def named(name: str) -> Network:
    """A network whose layers carry the name."""
    return Network((1, 9, 9), [Conv(8, 3, name=name), Deconv(2, 3, 2, name=f"{name}2")])
