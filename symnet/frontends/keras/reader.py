"""From the configuration of a model to a network: layers in the order of their calls, models within models written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symnet.errors import LayerError, ModelError
from symnet.frontends.building import Builder, Tensor
from symnet.frontends.keras.calls import FunctionalCalls
from symnet.frontends.keras.config import Config, Spec, spec_of
from symnet.frontends.keras.handlers import LAYERS, handler_of
from symnet.frontends.keras.inputs import place_inputs
from symnet.frontends.keras.opaque import Live, opaque_layer
from symnet.frontends.keras.site import Names, Site, Unknown
from symnet.frontends.keras.steps import Steps
from symnet.frontends.keras.values import flat
from symnet.public import Network

__all__ = ["Reader"]

#: No honest model has more calls of layers, and no deeper models within models.
CALLS, DEPTH = 20_000, 50


class Reader:
    """Reads one model. ``sizes`` are other sizes for its inputs; ``live`` is the model itself, where there is one."""

    def __init__(self, sizes: Any, opaque: bool, live: Live | None) -> None:
        self.builder = Builder("Keras")
        self._sizes, self._opaque, self._live = sizes, opaque, live
        self._names = Names()
        self._count = 0

    def read(self, config: Mapping[str, Any]) -> Network:
        """The network of the model."""
        spec = self._model_of(spec_of(config, "the model"), ())
        if spec is None:
            raise ModelError(
                f"Keras: {config['class_name']} has no graph, its layers are called in its own code: make it functional, "
                "as in keras.Model(x, model.call(x)) with x = keras.Input(shape)"
            )
        inputs = place_inputs(self.builder, spec, self._sizes)
        trained = Config(spec.config, spec.name).flag("trainable", True)
        try:
            outputs = self._run(spec, inputs, (), not trained, None)
        except RecursionError:
            raise ModelError("Keras: the configuration is nested too deeply") from None
        return self.builder.network(spec.name, outputs, arrange=False)

    def _model_of(self, spec: Spec, path: tuple[str, ...]) -> Spec | None:
        """A model with its layers written down; ``None`` for what is no model."""
        if isinstance(spec.config.get("layers"), list):
            return spec
        if self._live is None or spec.is_operation or (spec.is_builtin and spec.class_name in LAYERS):
            return None
        structure = self._live.structure(path) if path else None
        if structure is None or not isinstance(structure.get("config", {}).get("layers"), list):
            return None
        found = spec_of(structure, spec.name)
        return Spec(spec.name, found.module, found.class_name, found.config, spec.nodes)

    def _run(
        self, spec: Spec, inputs: list[Tensor], path: tuple[str, ...], frozen: bool, steps: Steps | None
    ) -> list[Tensor]:
        """The outputs of a model on its inputs."""
        where = "/".join(path) or spec.name
        if len(path) > DEPTH:
            raise ModelError(f"Keras: {'/'.join(path[:3])}/…: more than {DEPTH} models within each other")
        layers = [spec_of(layer, f"{where}: layer {number}") for number, layer in enumerate(spec.config["layers"], 1)]
        if "output_layers" not in spec.config:  # Sequential
            current = inputs
            for layer in layers:
                if layer.class_name != "InputLayer":
                    args = [current[0] if len(current) == 1 else current]
                    current = self._call(Site(self.builder, layer, "", frozen, args, {}, self._names, steps), path)
            return current
        calls = FunctionalCalls(spec, layers, inputs, where)
        for call in calls.ordered():
            args, kwargs = calls.values(call, self._sizes is None and steps is None)
            site = Site(self.builder, call.layer, "", frozen, args, kwargs, self._names, steps)
            site.recorded = calls.recorded(call) if self._sizes is None else {}
            site.used = calls.used(call)
            calls.give(call, self._call(site, path))
        return calls.outputs()

    def _call(self, site: Site, path: tuple[str, ...]) -> list[Tensor]:
        """The outputs of a layer where it is called."""
        self._count += 1
        if self._count > CALLS:
            raise ModelError(f"Keras: more than {CALLS:,} calls of layers, models within models written out")
        here = (*path, site.spec.name)
        site.placed("/".join(here))
        model = self._model_of(site.spec, here)
        try:
            if model is not None:
                return self._run(model, site.tensors, here, site.frozen, site.steps)
            if site.spec.is_builtin and site.spec.class_name == "TimeDistributed":
                return self._every_step(site, here)
            given = handler_of(site.spec)(site)
            return given if isinstance(given, list) else [given]
        except Unknown as why:
            return opaque_layer(site, here, str(why), self._live, self._opaque)
        except LayerError as refused:
            raise site.refused(str(refused)) from None

    def _every_step(self, site: Site, here: tuple[str, ...]) -> list[Tensor]:
        """TimeDistributed: the layer within on every step by itself."""
        layer = site.config.inner("layer")
        if site.steps is not None:
            raise Unknown("works on every step of every step")
        steps = Steps()
        tensor = steps.inside(site.tensor)
        model = self._model_of(layer, (*here, layer.name))
        if model is not None:
            frozen = site.frozen or not Config(layer.config, site.origin).flag("trainable", True)
            return [steps.outside(one) for one in self._run(model, [tensor], (*here, layer.name), frozen, steps)]
        inner = Site(self.builder, layer, "", site.frozen, [tensor], {}, self._names, steps)
        inner.placed(site.path, f"{site.origin} around {layer.class_name}")
        given = handler_of(layer)(inner)
        return [steps.outside(one) for one in flat([given])]
