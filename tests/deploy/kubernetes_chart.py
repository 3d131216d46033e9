"""Checks of the chart alone: what its values do, which it refuses, and that all are documented."""

import json
import re

import yaml

import kubernetes_render
import kubernetes_rules
import kubernetes_source
from kubernetes_tools import ROOT

_CHART = ROOT / kubernetes_render.CHART
_DIGEST = "sha256:" + "0123456789abcdef" * 4
# Helm's own labels; the manifests have no use for them.
_HELM_LABELS = ("app.kubernetes.io/managed-by", "helm.sh/chart")


def _set(*values):
    return [word for value in values for word in ("--set", value)]


def _container(objects):
    return kubernetes_rules.server(objects)[1]


def _flag(objects, name):
    return kubernetes_rules.arguments(_container(objects))[name]


def _pod(objects):
    return kubernetes_rules.server(objects)[0]["spec"]["template"]


def _kinds(objects):
    return {o["kind"] for o in objects}


def _service(objects):
    return kubernetes_rules.of_kind(objects, "Service")[0]


def _policy(objects):
    return kubernetes_rules.of_kind(objects, "NetworkPolicy")[0]["spec"]


def _grace(objects):
    return _pod(objects)["spec"]["terminationGracePeriodSeconds"]


# (what is set, the value then found, how to find it)
VARIATIONS = [
    (_set("image.repository=registry.example:5000/a/irqd", "image.tag=1.2"),
     "registry.example:5000/a/irqd:1.2", lambda o: _container(o)["image"]),
    (_set("image.digest=" + _DIGEST), "irqd@" + _DIGEST, lambda o: _container(o)["image"]),
    (_set("image.pullPolicy=Always"), "Always", lambda o: _container(o)["imagePullPolicy"]),
    (_set("imagePullSecrets[0].name=key"), [{"name": "key"}],
     lambda o: _pod(o)["spec"]["imagePullSecrets"]),
    (_set("fullnameOverride=s390"), "s390", lambda o: _service(o)["metadata"]["name"]),
    (_set("server.maxVms=7"), "7", lambda o: _flag(o, "max_vms")),
    # Helm's numbers are floating point: 1e+06 is no value of a flag.
    (["--set-json", "server.maxVcpus=1000000", *_set("resources.requests.memory=2Gi",
                                                     "resources.limits.memory=2Gi")],
     "1000000", lambda o: _flag(o, "max_vcpus")),
    (_set("shutdown.preStopSeconds=60"), 75, _grace),
    (_set("shutdown.preStopSeconds=0"), None, lambda o: _container(o).get("lifecycle")),
    (_set("shutdown.graceSeconds=300"), 310, _grace),
    (_set("shutdown.graceSeconds=200"), "200s", lambda o: _flag(o, "grace")),
    (_set("shutdown.exitSeconds=9"), 24, _grace),
    (_set("probes.startup.failureThreshold=99"), 99,
     lambda o: _container(o)["startupProbe"]["failureThreshold"]),
    (_set("probes.readiness.periodSeconds=3"), 3,
     lambda o: _container(o)["readinessProbe"]["periodSeconds"]),
    (_set("probes.liveness.timeoutSeconds=4"), 4,
     lambda o: _container(o)["livenessProbe"]["timeoutSeconds"]),
    (_set("resources.limits.cpu=2"), 2, lambda o: _container(o)["resources"]["limits"]["cpu"]),
    (_set("service.port=80"), 80, lambda o: _service(o)["spec"]["ports"][0]["port"]),
    (_set("service.port=81"), "irqd:81",
     lambda o: kubernetes_rules.of_kind(o, "Pod")[0]["spec"]["containers"][0]["args"][1]),
    (_set("service.appProtocol=grpc"), "grpc",
     lambda o: _service(o)["spec"]["ports"][0]["appProtocol"]),
    (["--set-string", "service.annotations.a=1"], {"a": "1"},
     lambda o: _service(o)["metadata"]["annotations"]),
    (_set("networkPolicy.enabled=false"), False, lambda o: "NetworkPolicy" in _kinds(o)),
    (["--set-json", "networkPolicy.clients=[]"], [], lambda o: _policy(o)["ingress"]),
    (["--set-json", 'networkPolicy.clients=[{"namespaceSelector":{"matchLabels":{"team":"a"}}}]'],
     [{"namespaceSelector": {"matchLabels": {"team": "a"}}}],
     lambda o: _policy(o)["ingress"][0]["from"]),
    (_set("podDisruptionBudget.enabled=false"), False,
     lambda o: "PodDisruptionBudget" in _kinds(o)),
    (_set("serviceAccountName=mesh"), "mesh", lambda o: _pod(o)["spec"]["serviceAccountName"]),
    (_set("podLabels.team=a"), "a", lambda o: _pod(o)["metadata"]["labels"]["team"]),
    (_set("podAnnotations.team=a"), {"team": "a"}, lambda o: _pod(o)["metadata"]["annotations"]),
    (_set("nodeSelector.disk=none"), {"disk": "none"}, lambda o: _pod(o)["spec"]["nodeSelector"]),
    (_set("tolerations[0].operator=Exists"), [{"operator": "Exists"}],
     lambda o: _pod(o)["spec"]["tolerations"]),
    (["--set-json", 'affinity={"podAntiAffinity":{}}'], {"podAntiAffinity": {}},
     lambda o: _pod(o)["spec"]["affinity"]),
    (_set("priorityClassName=high"), "high", lambda o: _pod(o)["spec"]["priorityClassName"]),
    (_set("helmTest.enabled=false"), False, lambda o: "Pod" in _kinds(o)),
]

# (what is set, what Helm must say about it)
REFUSALS = [
    (_set("replicas=2"), "'replicas' not allowed"),
    (_set("image.registry=x"), "'registry' not allowed"),
    (_set("image.repository="), "/image/repository"),
    (_set("image.repository=irqd@sha256"), "/image/repository"),
    (_set("image.tag="), "/image/tag"),
    (_set("image.digest=sha256:12"), "/image/digest"),
    (_set("image.pullPolicy=Sometimes"), "/image/pullPolicy"),
    (_set("fullnameOverride=1st"), "/fullnameOverride"),
    (_set("fullnameOverride=" + "a" * 53), "/fullnameOverride"),
    (_set("server.maxVms=0"), "/server/maxVms"),
    (_set("server.maxVms=%d" % (kubernetes_source.most_vms() + 1)), "/server/maxVms"),
    (_set("server.maxVcpus=lots"), "/server/maxVcpus"),
    (_set("server.maxVcpus=%d" % (kubernetes_source.most_vcpus() + 1)), "/server/maxVcpus"),
    (_set("server.maxVcpus=null"), "maxVcpus"),
    (_set("shutdown.graceSeconds=-1"), "/shutdown/graceSeconds"),
    (_set("shutdown.graceSeconds=10s"), "/shutdown/graceSeconds"),
    (_set("shutdown.exitSeconds=0"), "/shutdown/exitSeconds"),
    (_set("probes.liveness.failureThreshold=0"), "/probes/liveness/failureThreshold"),
    (_set("probes.liveness.httpGet=x"), "'httpGet' not allowed"),
    (_set("resources.limits.memory=512MB"), "/resources/limits/memory"),
    (_set("resources.limits.memroy=1Gi"), "'memroy' not allowed"),
    (_set("service.type=LoadBalancer"), "'type' not allowed"),
    (_set("service.port=65536"), "/service/port"),
    (_set("service.annotations.a=1"), "/service/annotations/a"),
    (_set("networkPolicy.enabled=maybe"), "/networkPolicy/enabled"),
    (["--set-json", "networkPolicy.clients=[{}]"], "/networkPolicy/clients/0"),
    (_set("podLabels.app\\.kubernetes\\.io/name=other"), "app.kubernetes.io/name"),
    (_set("podLabels.a=b c"), "/podLabels/a"),
    (_set("affinity.near=x"), "'near' not allowed"),
    (["--kube-version", "1.29.0"], "kubeVersion"),
]


def label(arguments):
    """What is set, for the name of a check."""
    return " ".join(a for a in arguments if not a.startswith("--set"))


def refusal_problems(tools, arguments, phrase):
    run = tools.helm("template", "irqd", kubernetes_render.CHART, *arguments)
    if run.returncode == 0:
        return ["it is accepted"]
    return [] if phrase in run.stderr else ["it says: " + run.stderr]


def variation_problems(objects, expected, find):
    found = find(objects)
    return [] if found == expected else ["%r instead of %r" % (found, expected)]


def _without_helm(o):
    """An object as the manifests have it: no namespace, none of Helm's labels."""
    metadata = {k: v for k, v in o["metadata"].items() if k != "namespace"}
    labels = {k: v for k, v in metadata.get("labels", {}).items() if k not in _HELM_LABELS}
    return {**o, "metadata": {**metadata, "labels": labels}}


def difference_problems(chart, manifests):
    """The chart with its defaults is what the manifests are, but for the pod that tests it."""
    ours = {o["kind"]: _without_helm(o) for o in chart if o["kind"] != "Pod"}
    theirs = {o["kind"]: o for o in manifests}
    if set(ours) != set(theirs):
        return ["chart: %s, manifests: %s" % (sorted(ours), sorted(theirs))]
    return ["%s: chart %s, manifests %s" % (kind, json.dumps(ours[kind]), json.dumps(theirs[kind]))
            for kind in ours if ours[kind] != theirs[kind]]


def _values_text():
    return (_CHART / "values.yaml").read_text(encoding="utf-8")


def _leaves(tree, path=()):
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def leaves():
    """{"image.tag": default} of values.yaml."""
    return {".".join(path): value for path, value in _leaves(yaml.safe_load(_values_text()))}


def _commented():
    """The paths in values.yaml that have a comment just above them."""
    found, path, above = set(), [], ""
    for line in _values_text().splitlines():
        match = re.match(r"( *)([\w-]+):", line)
        if match:
            path = [*path[:len(match[1]) // 2], match[2]]
            if above.lstrip().startswith("#"):
                found.add(".".join(path))
        above = line
    return found


def comment_problems():
    """Each value has a comment, or what it is a part of has one."""
    commented = _commented()
    return ["%s has no comment" % leaf for leaf in leaves() if not any(
        leaf == c or leaf.startswith(c + ".") for c in commented)]


def _schema_at(schema, path):
    """The schema of a value, through references; None if it has none."""
    here = schema
    for key in path:
        here = {**here, **schema["definitions"].get(here.get("$ref", "").split("/")[-1], {})}
        here = here.get("properties", {}).get(key)
        if here is None:
            return None
    return here


def schema_problems():
    """Each value is in the schema, which describes it or what it is a part of."""
    schema = json.loads((_CHART / "values.schema.json").read_text(encoding="utf-8"))
    for leaf in leaves():
        path = leaf.split(".")
        parts = [_schema_at(schema, path[:n + 1]) for n in range(len(path))]
        if None in parts:
            yield "%s is not in the schema" % leaf
        elif not any("description" in part for part in parts):
            yield "the schema does not describe %s" % leaf


def documentation_problems(readme):
    """README.md's table has each value and its default, and nothing else."""
    rows = dict(re.findall(r"^\| `([\w.-]+)` \| `(.*?)` \|", readme, re.MULTILINE))
    defaults = {leaf: json.dumps(value) for leaf, value in leaves().items()}
    for leaf in sorted(set(rows) | set(defaults)):
        if rows.get(leaf) != defaults.get(leaf):
            yield "%s: README.md %s, values.yaml %s" % (leaf, rows.get(leaf), defaults.get(leaf))


def notes_problems(text):
    """What to do next, on a line of its own that can be copied."""
    for command in ("kubectl --namespace test port-forward statefulset/irqd 50051",
                    "irqctl --target 127.0.0.1:50051 vm list"):
        if "\n  %s\n" % command not in text + "\n":
            yield "no line `%s`" % command
