"""All operators that become layers, by name. Each has its handler in one of these modules, in the table at its end."""

from __future__ import annotations

from symnet.frontends.onnx.arranging import ARRANGING
from symnet.frontends.onnx.attending import ATTENDING
from symnet.frontends.onnx.branching import BRANCHING
from symnet.frontends.onnx.call import Handler
from symnet.frontends.onnx.choosing import CHOOSING
from symnet.frontends.onnx.joining import JOINING
from symnet.frontends.onnx.multiplying import MULTIPLYING
from symnet.frontends.onnx.normalizing import NORMALIZING
from symnet.frontends.onnx.pointwise import POINTWISE
from symnet.frontends.onnx.recurring import RECURRING
from symnet.frontends.onnx.reducing import REDUCING
from symnet.frontends.onnx.resizing import RESIZING
from symnet.frontends.onnx.windowed import WINDOWED

__all__ = ["OPERATORS"]

OPERATORS: dict[str, Handler] = {
    **WINDOWED,
    **POINTWISE,
    **NORMALIZING,
    **JOINING,
    **MULTIPLYING,
    **ATTENDING,
    **RECURRING,
    **REDUCING,
    **ARRANGING,
    **CHOOSING,
    **RESIZING,
    **BRANCHING,
}
