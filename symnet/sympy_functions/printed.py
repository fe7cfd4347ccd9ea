"""The printed forms of a rounded quotient: as mathematics, and as code that computes it exactly in many languages."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy
from sympy import Integer

from symnet.sympy_functions.quotient import exact_quotient

__all__ = ["PrintedQuotient", "as_operand"]


#: A numerator with more characters of code is not written twice.
LONGEST = 20_000


def as_operand(printer: Any, expression: Any) -> str:
    """An expression as an operand: in parentheses unless it is a name or an unsigned number."""
    written: str = printer._print(expression)
    bare = expression.is_Symbol or (expression.is_Integer and expression >= 0)
    return written if bare else f"({written})"


class PrintedQuotient:
    """A quotient rounded down (``direction`` −1) or up (1); ``fraction`` returns its numerator and denominator."""

    __slots__ = ()
    direction: ClassVar[int]

    def fraction(self) -> tuple[Any, Any]:
        """The numerator and the denominator."""
        raise NotImplementedError

    # ---- mathematics ----

    def _plain_sympy(self) -> Any:
        rounding = sympy.floor if self.direction < 0 else sympy.ceiling
        return rounding(exact_quotient(*self.fraction()), evaluate=False)

    def _pretty(self, printer: Any) -> Any:
        return printer._print(self._plain_sympy())

    def _mathml_content(self, printer: Any) -> Any:
        return printer._print(self._plain_sympy())

    def _mathml_presentation(self, printer: Any) -> Any:
        return printer._print(self._plain_sympy())

    # ---- Python and its arrays ----

    def _divided(self, printer: Any) -> str:
        top, below = (as_operand(printer, part) for part in self.fraction())
        return f"{top}//{below}" if self.direction < 0 else f"-(-{top}//{below})"

    def _pythoncode(self, printer: Any) -> str:
        return self._divided(printer)

    _numpycode = _jaxcode = _cupycode = _cmathcode = _lambdacode = _torchcode = _tensorflowcode = _pythoncode

    def _mpmathcode(self, printer: Any) -> str:
        top, below = (as_operand(printer, part) for part in self.fraction())
        name = printer._module_format("mpmath.floor" if self.direction < 0 else "mpmath.ceil")
        return f"{name}({printer._module_format('mpmath.mpf')}(1)*{top}/{below})"

    # ---- other languages ----

    def _rounded(self, printer: Any, floor: str, ceiling: str, quotient: str = "{0}/{1}") -> str:
        """The call of a function that rounds the quotient: {0} and {1} are operands, {top} and {below} complete
        arguments.
        """
        top, below = self.fraction()
        operands = as_operand(printer, top), as_operand(printer, below)
        divided = quotient.format(*operands, top=printer._print(top), below=printer._print(below))
        return f"{floor if self.direction < 0 else ceiling}({divided})"

    def _numexprcode(self, printer: Any) -> str:
        return self._rounded(printer, "floor", "ceil", "1.0*{0}/{1}")

    def _ccode(self, printer: Any) -> str:
        divided = self._divided_in_c(printer)
        if divided is not None:
            return divided
        printer.headers.add("math.h")
        return self._rounded(printer, "floor", "ceil", "(double){0}/{1}")

    def _cxxcode(self, printer: Any) -> str:
        divided = self._divided_in_c(printer)
        if divided is not None:
            return divided
        printer.headers.add("cmath")
        return self._rounded(printer, "std::floor", "std::ceil", "(double){0}/{1}")

    def _divided_in_c(self, printer: Any) -> str | None:
        """A division of 64-bit integers in C, which itself rounds towards 0. ``None`` for other numbers, and for deep
        nests, whose code would explode: a numerator of unknown sign occurs in it twice.
        """
        top, below = self.fraction()
        if not (top.is_integer and below.is_integer):
            return None
        if self.direction > 0:
            top = -top
        above, divisor = (f"(long long){as_operand(printer, part)}" for part in (top, below))
        if len(above) > LONGEST:
            return None
        if not (top.is_nonnegative and below.is_positive):
            above = f"({above} - ({above} % {divisor} + {divisor}) % {divisor})"
        return f"({above}/{divisor})" if self.direction < 0 else f"(-({above}/{divisor}))"

    def _glsl(self, printer: Any) -> str:
        return self._rounded(printer, "floor", "ceil", "float({top})/float({below})")

    def _javascript(self, printer: Any) -> str:
        return self._rounded(printer, "Math.floor", "Math.ceil")

    def _octave(self, printer: Any) -> str:
        return self._rounded(printer, "floor", "ceil", "{0}./{1}")

    def _julia(self, printer: Any) -> str:
        return self._rounded(printer, "fld.", "cld.", "{top}, {below}")

    def _fcode(self, printer: Any) -> str:
        return self._rounded(printer, "floor", "ceiling", "dble({top})/{1}")

    def _maple(self, printer: Any) -> str:
        return self._rounded(printer, "floor", "ceil")

    def _rcode(self, printer: Any) -> str:
        return self._rounded(printer, "floor", "ceiling")

    def _mcode(self, printer: Any) -> str:
        rounding = "Floor" if self.direction < 0 else "Ceiling"
        return f"{rounding}[{'/'.join(as_operand(printer, part) for part in self.fraction())}]"

    def _rust_code(self, printer: Any) -> str:
        """A division of integers: for a positive divisor, Euclidean division rounds down."""
        top, below = self.fraction()
        if not (top.is_integer and below.is_integer and below.is_positive):
            divided = f"({as_operand(printer, top)} as f64/{as_operand(printer, below)} as f64)"
            return f"{divided}.{'floor' if self.direction < 0 else 'ceil'}()"
        above, divisor = (f"({printer._print(part)})" for part in (top, below))
        return f"{above}.div_euclid{divisor}" if self.direction < 0 else f"(-(-{above}).div_euclid{divisor})"

    def _smtlib(self, printer: Any) -> str:
        """The function ``div``, which rounds down for a positive divisor and up for a negative one."""
        top, below = self.fraction()
        if not (isinstance(below, Integer) and below > 0):
            raise NotImplementedError("SMT-LIB divides by numbers")
        written = printer._print(top if self.direction < 0 else -top)
        divided = f"(div {written} {printer._print(below)})"
        return divided if self.direction < 0 else f"(- {divided})"
