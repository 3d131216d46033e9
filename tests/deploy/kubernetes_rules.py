"""What must hold for every rendering of the manifests: functions from its objects to problems."""

import re

import kubernetes_restricted
import kubernetes_source

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
# Between the end of --grace and SIGKILL, to cancel calls and exit.
_SECONDS_TO_EXIT = 2
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def of_kind(objects, kind):
    return [o for o in objects if o["kind"] == kind]


def _names(objects, kind):
    return [o["metadata"]["name"] for o in of_kind(objects, kind)]


def _pod_spec(o):
    if o["kind"] == "Pod":
        return o["spec"]
    return o["spec"].get("template", {}).get("spec")


def pods(objects):
    """The PodSpecs, {"KIND NAME": spec}."""
    specs = {"%s %s" % (o["kind"], o["metadata"]["name"]): _pod_spec(o)
             for o in objects if "spec" in o}
    return {name: spec for name, spec in specs.items() if spec is not None}


def server(objects):
    """The StatefulSet and its container."""
    sets = of_kind(objects, "StatefulSet")
    if len(sets) != 1:
        raise AssertionError("%d StatefulSets" % len(sets))
    return sets[0], _pod_spec(sets[0])["containers"][0]


def arguments(container):
    """{flag: value} of the container's command line."""
    return dict(re.fullmatch(r"--(\w+)=(.*)", a).groups() for a in container["args"])


def seconds(duration):
    """Of what --grace is given here: seconds, written 10s."""
    return int(re.fullmatch(r"(\d+)s", duration)[1])


def quantity(text):
    """A Kubernetes quantity as a number."""
    number, unit = re.fullmatch(r"([\d.]+)([A-Za-z]*)", str(text)).groups()
    return float(number) * _UNITS[unit]


def restricted(objects):
    """The Pod Security Standard `restricted`."""
    return ["%s: %s" % (name, problem) for name, spec in pods(objects).items()
            for problem in kubernetes_restricted.problems(spec)]


def hardened(objects):
    """What irqd can do without beyond `restricted`."""
    for name, spec in pods(objects).items():
        if spec.get("automountServiceAccountToken") is not False:
            yield "%s is given a token" % name
        contexts = [spec.get("securityContext", {})]
        for container in kubernetes_restricted.containers(spec):
            contexts.append(container.get("securityContext", {}))
            if not contexts[-1].get("readOnlyRootFilesystem"):
                yield "%s may write to its root" % name
            if container.get("imagePullPolicy") is None:
                yield "%s leaves to its tag when the image is pulled" % name
        if any("runAsUser" in c or "runAsGroup" in c or "fsGroup" in c for c in contexts):
            yield "%s insists on a uid" % name


def one_server(objects):
    """One pod of a name, never two: a VM lives on one server."""
    stateful, _ = server(objects)
    if stateful["spec"].get("replicas") != 1:
        yield "%s replicas" % stateful["spec"].get("replicas")
    for kind in ("Deployment", "ReplicaSet", "DaemonSet", "HorizontalPodAutoscaler"):
        for extra in of_kind(objects, kind):
            yield "a %s %s beside it" % (kind, extra["metadata"]["name"])
    if stateful["spec"]["serviceName"] not in _names(objects, "Service"):
        yield "no service %s" % stateful["spec"]["serviceName"]


def shutdown(objects):
    """The pod is not killed before irqd is through with its calls."""
    stateful, container = server(objects)
    has = _pod_spec(stateful).get("terminationGracePeriodSeconds", 30)
    stop = container.get("lifecycle", {}).get("preStop", {})
    sleep = stop.get("sleep", {}).get("seconds", 0)
    grace = seconds(arguments(container).get("grace", "1s"))
    if has < sleep + grace + _SECONDS_TO_EXIT:
        yield "terminationGracePeriodSeconds %s, preStop %s and --grace %s" % (has, sleep, grace)
    # The image has nothing that it could execute.
    if stop.get("exec"):
        yield "preStop executes something"


def flags(objects):
    """Every flag is one of irqd's, and within its bounds."""
    given = arguments(server(objects)[1])
    for unknown in sorted(set(given) - kubernetes_source.flags()):
        yield "irqd has no --%s" % unknown
    for flag, most in (("max_vms", kubernetes_source.most_vms()),
                       ("max_vcpus", kubernetes_source.most_vcpus())):
        if not 1 <= int(given.get(flag, 0)) <= most:
            yield "--%s=%s" % (flag, given.get(flag))


def ports(objects):
    """irqd's port is the container's, the probes', the policy's, and the service's target."""
    _, container = server(objects)
    host, _, listened = arguments(container).get("listen", "").rpartition(":")
    if host not in ("[::]", "0.0.0.0"):
        yield "--listen=%s: no other pod reaches that" % arguments(container).get("listen")
    named = {p["name"]: str(p["containerPort"]) for p in container.get("ports", [])}
    used = {"containerPort": named.get("grpc")}
    for probe in _PROBES:
        used[probe] = str(container.get(probe, {}).get("grpc", {}).get("port"))
    for service in of_kind(objects, "Service"):
        for port in service["spec"]["ports"]:
            target = str(port.get("targetPort", port["port"]))
            used["service " + service["metadata"]["name"]] = named.get(target, target)
            if not port.get("appProtocol"):
                yield "service %s has no appProtocol" % service["metadata"]["name"]
    for policy in of_kind(objects, "NetworkPolicy"):
        for rule in policy["spec"].get("ingress", []):
            used["network policy"] = ",".join(str(p["port"]) for p in rule.get("ports", []))
    for what, port in used.items():
        if port != listened:
            yield "%s %s, --listen %s" % (what, port, listened)


def probes(objects):
    """All three ask grpc.health.v1 for a name that it knows, the ready one for one of irqd's."""
    _, container = server(objects)
    known = kubernetes_source.health_services()
    for name in _PROBES:
        asked = container.get(name, {}).get("grpc")
        if asked is None:
            yield "no gRPC %s" % name
        elif asked.get("service", "") not in known:
            yield "%s asks for %s" % (name, asked["service"])
        elif name == "readinessProbe" and not asked.get("service"):
            yield "whatever serves on the port is ready"
    start, live = (container.get(n, {}) for n in ("startupProbe", "livenessProbe"))
    if start.get("periodSeconds", 10) * start.get("failureThreshold", 3) < 10:
        yield "less than 10 s to start in"
    if live.get("periodSeconds", 10) * live.get("failureThreshold", 3) < 30:
        yield "restarted after less than 30 s without an answer"


def resources(objects):
    """Memory for what --max_vms and --max_vcpus allow, all of it requested; some CPU."""
    _, container = server(objects)
    given, amounts = arguments(container), container.get("resources", {})
    limit = quantity(amounts.get("limits", {}).get("memory", 0))
    need = (kubernetes_source.BYTES_AT_REST + kubernetes_source.memory_of_requests()
            + int(given.get("max_vms", 0)) * kubernetes_source.BYTES_A_VM
            + int(given.get("max_vcpus", 0)) * kubernetes_source.BYTES_A_VCPU)
    if limit < need:
        yield "%d MiB, where %d may be needed" % (limit / 2**20, need / 2**20)
    requests = amounts.get("requests", {})
    if quantity(requests.get("memory", 0)) != limit:
        yield "requests not all the memory that it may use"
    if not requests.get("cpu"):
        yield "requests no CPU"


def _selects(selector, labels):
    return all(labels.get(k) == v for k, v in (selector or {}).items())


def selectors(objects):
    """Service, policy and budget mean the server's pod, and no other."""
    stateful, _ = server(objects)
    labels = stateful["spec"]["template"]["metadata"]["labels"]
    chosen = {"StatefulSet": stateful["spec"]["selector"].get("matchLabels")}
    for kind, field in (("Service", "selector"), ("NetworkPolicy", "podSelector"),
                        ("PodDisruptionBudget", "selector")):
        for o in of_kind(objects, kind):
            selector = o["spec"].get(field) or {}
            chosen[kind] = selector if kind == "Service" else selector.get("matchLabels")
    for kind, selector in chosen.items():
        if not selector or not _selects(selector, labels):
            yield "%s does not select the server's pod" % kind
        if "app.kubernetes.io/instance" not in (selector or {}):
            yield "%s selects every server of the namespace" % kind
        for pod in of_kind(objects, "Pod"):
            if _selects(selector, pod["metadata"]["labels"]):
                yield "%s selects pod %s" % (kind, pod["metadata"]["name"])


def _would_add_labels(peer):
    labels = peer.get("podSelector", {}).get("matchLabels", {})
    return any(key.startswith("app.kubernetes.io/") for key in labels)


def reachable_by_few(objects):
    """Who may connect is named, and irqd connects to nobody."""
    for service in of_kind(objects, "Service"):
        if service["spec"].get("type", "ClusterIP") != "ClusterIP":
            yield "service of type %s" % service["spec"]["type"]
    for policy in of_kind(objects, "NetworkPolicy"):
        spec = policy["spec"]
        if set(spec.get("policyTypes", [])) != {"Ingress", "Egress"}:
            yield "policyTypes %s" % spec.get("policyTypes")
        if spec.get("egress"):
            yield "lets irqd connect"
        for rule in spec.get("ingress") or []:
            if not rule.get("from") or not all(rule["from"]):
                yield "lets in everybody"
            if any(_would_add_labels(peer) for peer in rule.get("from") or []):
                yield "clients must carry the server's labels"


def budget(objects):
    """One pod stays, unless it is broken."""
    for o in of_kind(objects, "PodDisruptionBudget"):
        if o["spec"].get("minAvailable") != 1 or "maxUnavailable" in o["spec"]:
            yield "its VMs may be evicted"
        if o["spec"].get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
            yield "a broken server holds up its node"


ALL = (restricted, hardened, one_server, shutdown, flags, ports, probes, resources, selectors,
       reachable_by_few, budget)
