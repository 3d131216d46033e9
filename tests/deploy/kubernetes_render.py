"""Renders the manifests and the chart into objects."""

import yaml

BASE = "deploy/kubernetes/base"
OVERLAY = "deploy/kubernetes/overlays/second-server"
CHART = "deploy/helm/irqd"


class Refused(Exception):
    """What the program that renders said."""


class _Loader(yaml.SafeLoader):
    """Refuses a key that is there twice, which YAML forbids and PyYAML takes the last of."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise Refused("line %d: %s is there twice" % (node.start_mark.line + 1, key))
        return super().construct_mapping(node, deep)


def parse(text):
    return [o for o in yaml.load_all(text, Loader=_Loader) if o is not None]


def _output(run):
    if run.returncode != 0:
        raise Refused(run.stderr.strip() or "exit code %d" % run.returncode)
    return run.stdout


def kustomize(tools, folder):
    return parse(_output(tools.kubectl("kustomize", folder)))


def helm(tools, *arguments, release="irqd"):
    return parse(_output(tools.helm("template", release, CHART, *arguments)))


def notes(tools):
    """What helm tells the user after an installation."""
    text = _output(tools.helm("install", "irqd", CHART, "--dry-run=client", "--namespace", "test"))
    return text.partition("NOTES:")[2]
