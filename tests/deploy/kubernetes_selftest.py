"""Faults to plant in good manifests: each must be noticed, by the check that is there for it."""

import copy

import kubernetes_chart
import kubernetes_rules
from kubernetes_restricted import problems as restricted_problems


def _pod(objects):
    return kubernetes_rules.server(objects)[0]["spec"]["template"]["spec"]


def _container(objects):
    return _pod(objects)["containers"][0]


def _spec(objects, kind):
    return kubernetes_rules.of_kind(objects, kind)[0]["spec"]


def _argument(objects, flag, value):
    arguments = _container(objects)["args"]
    kept = [a for a in arguments if not a.startswith("--%s=" % flag)]
    arguments[:] = [*kept, "--%s=%s" % (flag, value)]


def _peers(objects, peers):
    _spec(objects, "NetworkPolicy")["ingress"][0]["from"] = peers


def _deployment(objects):
    extra = copy.deepcopy(kubernetes_rules.server(objects)[0])
    extra["kind"] = "Deployment"
    objects.append(extra)


def _test_pod(objects):
    stateful, _ = kubernetes_rules.server(objects)
    objects.append({"kind": "Pod", "metadata": {
        "name": "test", "labels": stateful["spec"]["template"]["metadata"]["labels"]},
        "spec": copy.deepcopy(_pod(objects))})


def _drop(mapping, key):
    del mapping[key]


# (rule, what is planted, how)
_RULES = kubernetes_rules
OBJECT_FAULTS = [
    (_RULES.restricted, "a pod that may run as root",
     lambda o: _drop(_pod(o)["securityContext"], "runAsNonRoot")),
    (_RULES.hardened, "a token", lambda o: _drop(_pod(o), "automountServiceAccountToken")),
    (_RULES.hardened, "a root that can be written to",
     lambda o: _drop(_container(o)["securityContext"], "readOnlyRootFilesystem")),
    (_RULES.hardened, "a fixed uid", lambda o: _pod(o)["securityContext"].update(runAsUser=65532)),
    (_RULES.hardened, "no pull policy", lambda o: _drop(_container(o), "imagePullPolicy")),
    (_RULES.one_server, "two replicas", lambda o: _spec(o, "StatefulSet").update(replicas=2)),
    (_RULES.one_server, "a Deployment", _deployment),
    (_RULES.one_server, "a service that is not there",
     lambda o: _spec(o, "StatefulSet").update(serviceName="other")),
    (_RULES.shutdown, "a grace as long as the pod's", lambda o: _argument(o, "grace", "15s")),
    (_RULES.shutdown, "a pod's grace of 16 s",
     lambda o: _pod(o).update(terminationGracePeriodSeconds=16)),
    (_RULES.shutdown, "a preStop of 9 s",
     lambda o: _container(o)["lifecycle"]["preStop"].update(sleep={"seconds": 9})),
    (_RULES.shutdown, "a preStop that needs a shell", lambda o: _container(o).update(
        lifecycle={"preStop": {"exec": {"command": ["sleep", "5"]}}})),
    (_RULES.flags, "an unknown flag", lambda o: _argument(o, "max_vm", "5")),
    (_RULES.flags, "too many vCPUs", lambda o: _argument(o, "max_vcpus", str(2**28 + 1))),
    (_RULES.ports, "loopback", lambda o: _argument(o, "listen", "127.0.0.1:50051")),
    (_RULES.ports, "another port in --listen", lambda o: _argument(o, "listen", "[::]:50052")),
    (_RULES.ports, "another containerPort",
     lambda o: _container(o)["ports"][0].update(containerPort=50052)),
    (_RULES.ports, "another port of a probe",
     lambda o: _container(o)["livenessProbe"]["grpc"].update(port=50052)),
    (_RULES.ports, "another port in the policy", lambda o: _spec(
        o, "NetworkPolicy")["ingress"][0]["ports"][0].update(port=50052)),
    (_RULES.ports, "a target port without a name",
     lambda o: _spec(o, "Service")["ports"][0].update(targetPort="http")),
    (_RULES.ports, "no appProtocol",
     lambda o: _drop(_spec(o, "Service")["ports"][0], "appProtocol")),
    (_RULES.probes, "no startup probe", lambda o: _drop(_container(o), "startupProbe")),
    (_RULES.probes, "a TCP probe",
     lambda o: _container(o).update(readinessProbe={"tcpSocket": {"port": 50051}})),
    (_RULES.probes, "a service that irqd does not have",
     lambda o: _container(o)["readinessProbe"]["grpc"].update(service="irqd.v1.Kvms")),
    (_RULES.probes, "a readiness probe of anything",
     lambda o: _drop(_container(o)["readinessProbe"]["grpc"], "service")),
    (_RULES.probes, "an impatient liveness probe",
     lambda o: _container(o)["livenessProbe"].update(failureThreshold=1)),
    (_RULES.probes, "five seconds to start in",
     lambda o: _container(o)["startupProbe"].update(failureThreshold=5)),
    (_RULES.resources, "more vCPUs than memory", lambda o: _argument(o, "max_vcpus", "400000")),
    (_RULES.resources, "no limits", lambda o: _drop(_container(o)["resources"], "limits")),
    (_RULES.resources, "half the memory requested",
     lambda o: _container(o)["resources"]["requests"].update(memory="256Mi")),
    (_RULES.resources, "no CPU requested",
     lambda o: _drop(_container(o)["resources"]["requests"], "cpu")),
    (_RULES.selectors, "a service of another instance", lambda o: _spec(
        o, "Service")["selector"].update({"app.kubernetes.io/instance": "other"})),
    (_RULES.selectors, "a policy for every pod",
     lambda o: _spec(o, "NetworkPolicy").update(podSelector={})),
    (_RULES.selectors, "a budget for every server", lambda o: _drop(_spec(
        o, "PodDisruptionBudget")["selector"]["matchLabels"], "app.kubernetes.io/instance")),
    (_RULES.selectors, "a test that looks like a server", _test_pod),
    (_RULES.reachable_by_few, "a LoadBalancer",
     lambda o: _spec(o, "Service").update(type="LoadBalancer")),
    (_RULES.reachable_by_few, "a policy for ingress only",
     lambda o: _spec(o, "NetworkPolicy").update(policyTypes=["Ingress"])),
    (_RULES.reachable_by_few, "egress", lambda o: _spec(o, "NetworkPolicy").update(egress=[{}])),
    (_RULES.reachable_by_few, "an empty `from`", lambda o: _peers(o, [])),
    (_RULES.reachable_by_few, "an empty peer", lambda o: _peers(o, [{}])),
    (_RULES.reachable_by_few, "clients that must look like servers", lambda o: _peers(
        o, [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "irqd"}}}])),
    (_RULES.budget, "a budget that evicts",
     lambda o: _spec(o, "PodDisruptionBudget").update(minAvailable=0)),
    (_RULES.budget, "a budget that keeps broken servers",
     lambda o: _drop(_spec(o, "PodDisruptionBudget"), "unhealthyPodEvictionPolicy")),
]


def _context(**fields):
    return lambda pod: pod["containers"][0]["securityContext"].update(fields)


def _pod_fields(**fields):
    return lambda pod: pod.update(fields)


def _pod_context(**fields):
    return lambda pod: pod["securityContext"].update(fields)


# (what the standard forbids, how it is planted in a PodSpec)
RESTRICTED_FAULTS = [
    ("hostNetwork", _pod_fields(hostNetwork=True)),
    ("hostPID", _pod_fields(hostPID=True)),
    ("hostIPC", _pod_fields(hostIPC=True)),
    ("a host process", _pod_context(windowsOptions={"hostProcess": True})),
    ("privileged", _context(privileged=True)),
    ("privilege escalation", _context(allowPrivilegeEscalation=True)),
    ("privilege escalation by default",
     lambda pod: pod["containers"][0]["securityContext"].pop("allowPrivilegeEscalation")),
    ("capabilities that stay", _context(capabilities={"drop": ["NET_RAW"]})),
    ("an added capability", _context(capabilities={"drop": ["ALL"], "add": ["SYS_PTRACE"]})),
    ("root in a container", _context(runAsNonRoot=False)),
    ("uid 0", _context(runAsUser=0)),
    ("uid 0 of the pod", _pod_context(runAsUser=0)),
    ("no seccomp profile", lambda pod: pod["securityContext"].pop("seccompProfile")),
    ("Unconfined", _context(seccompProfile={"type": "Unconfined"})),
    ("AppArmor unconfined", _context(appArmorProfile={"type": "Unconfined"})),
    ("an SELinux type", _context(seLinuxOptions={"type": "spc_t"})),
    ("an SELinux user", _pod_context(seLinuxOptions={"user": "system_u"})),
    ("an unmasked /proc", _context(procMount="Unmasked")),
    ("an unsafe sysctl", _pod_context(sysctls=[{"name": "kernel.msgmax", "value": "1"}])),
    ("a hostPath", _pod_fields(volumes=[{"name": "host", "hostPath": {"path": "/"}}])),
    ("a hostPort", lambda pod: pod["containers"][0]["ports"][0].update(hostPort=50051)),
    ("a probe of another host", lambda pod: pod["containers"][0].update(
        livenessProbe={"httpGet": {"host": "example", "port": 80}})),
    ("an init container that may do anything",
     _pod_fields(initContainers=[{"name": "init", "image": "irqd"}])),
]

# (kind, what is planted, how): for the types.
SCHEMA_FAULTS = [
    ("StatefulSet", "an unknown field",
     lambda o: o["spec"]["template"]["spec"]["containers"][0].update(startProbe={})),
    ("StatefulSet", "a field one level too high", lambda o: o["spec"].update(containers=[])),
    ("StatefulSet", "a list where an object belongs",
     lambda o: o["spec"]["template"]["spec"].update(securityContext=[])),
    ("Service", "a misspelt protocol", lambda o: o["spec"]["ports"][0].update(protocol="TPC")),
    ("Service", "a number where text belongs", lambda o: o["metadata"].update(name=7)),
    ("NetworkPolicy", "null where an object belongs", lambda o: o["spec"].update(podSelector=None)),
    ("PodDisruptionBudget", "no value", lambda o: o["spec"].update(minAvailable=[])),
]


def planted(objects, plant):
    """A copy of the objects with the fault."""
    bad = copy.deepcopy(objects)
    plant(bad)
    return bad


def unnoticed(objects, rule, plant):
    """Problems of the check itself: that it says nothing about a fault."""
    return [] if list(rule(planted(objects, plant))) else ["nobody noticed"]


def unnoticed_in_pod(objects, plant):
    pod = planted(_pod(objects), plant)
    return [] if restricted_problems(pod) else ["nobody noticed"]


def documentation_faults(readme):
    """(what is planted in the chart's README.md, the text with it)."""
    row = next(line for line in readme.splitlines() if line.startswith("| `image.tag`"))
    yield "a value without a row", readme.replace(row + "\n", "")
    yield "another default", readme.replace(row, row.replace("latest", "newest"))
    yield "a row without a value", readme.replace(row, row + "\n| `image.tags` | `1` | none |")


def unnoticed_in_chart(chart, manifests):
    """{what is planted: problems}, for what compares the chart with the manifests."""
    faults = {
        "another default": lambda o: _argument(o, "max_vms", "5"),
        "a missing object": lambda o: o.remove(kubernetes_rules.of_kind(o, "NetworkPolicy")[0]),
        "a label": lambda o: kubernetes_rules.of_kind(
            o, "Service")[0]["metadata"]["labels"].update(team="a"),
    }
    found = {}
    for what, plant in faults.items():
        noticed = kubernetes_chart.difference_problems(planted(chart, plant), manifests)
        found[what] = [] if noticed else ["nobody noticed"]
    return found
