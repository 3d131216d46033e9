"""The `restricted` Pod Security Standard, rule by rule, for the pods of Linux nodes.

As Kubernetes 1.35 documents it; `baseline`, which it contains, among it. The admission controller
of a cluster says the same, but there is no cluster here.
"""

_VOLUMES = frozenset(
    "configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret".split())
_SELINUX_TYPES = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_SAFE_SYSCTLS = frozenset("""
    kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start
    net.ipv4.tcp_syncookies net.ipv4.ping_group_range net.ipv4.ip_local_reserved_ports
    net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl
    net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem
""".split())
_KINDS_OF_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")


def containers(pod):
    return [c for kind in _KINDS_OF_CONTAINERS for c in pod.get(kind, [])]


def _context(of):
    return of.get("securityContext") or {}


def _handlers(container):
    """All that the kubelet does to a container: probes, and hooks of its life."""
    probes = [container.get(n) for n in ("startupProbe", "readinessProbe", "livenessProbe")]
    return [h for h in [*probes, *container.get("lifecycle", {}).values()] if isinstance(h, dict)]


def _contexts_problems(where, context):
    """What may be said of a pod and of a container alike."""
    if context.get("windowsOptions", {}).get("hostProcess"):
        yield "%s is a host process" % where
    selinux = context.get("seLinuxOptions", {})
    if selinux.get("type", "") not in _SELINUX_TYPES or selinux.get("user") or selinux.get("role"):
        yield "%s sets SELinux options" % where
    if context.get("appArmorProfile", {}).get("type") == "Unconfined":
        yield "%s is unconfined by AppArmor" % where
    if context.get("runAsUser") == 0:
        yield "%s runs as root" % where


def _seccomp_problems(pod, container):
    own = _context(container).get("seccompProfile", {}).get("type")
    of_pod = _context(pod).get("seccompProfile", {}).get("type")
    if (own or of_pod) not in ("RuntimeDefault", "Localhost"):
        yield "%s has no seccomp profile" % container["name"]


def _capability_problems(container):
    capabilities = _context(container).get("capabilities", {})
    if "ALL" not in capabilities.get("drop", []):
        yield "%s does not drop all capabilities" % container["name"]
    for added in capabilities.get("add", []):
        if added != "NET_BIND_SERVICE":
            yield "%s adds the capability %s" % (container["name"], added)


def _container_problems(pod, container):
    name, context = container["name"], _context(container)
    yield from _contexts_problems(name, context)
    yield from _seccomp_problems(pod, container)
    yield from _capability_problems(container)
    if context.get("privileged"):
        yield "%s is privileged" % name
    if context.get("allowPrivilegeEscalation") is not False:
        yield "%s may gain privileges" % name
    # The container's word counts before the pod's.
    if context.get("runAsNonRoot", _context(pod).get("runAsNonRoot")) is not True:
        yield "%s may run as root" % name
    if context.get("procMount", "Default") != "Default":
        yield "%s unmasks /proc" % name
    if any(port.get("hostPort") for port in container.get("ports", [])):
        yield "%s takes a port of the host" % name
    for handler in _handlers(container):
        for how in ("httpGet", "tcpSocket"):
            if handler.get(how, {}).get("host"):
                yield "%s is probed at another host" % name


def problems(pod):
    """What keeps a PodSpec out of a namespace that enforces `restricted`."""
    found = ["the pod shares %s" % n for n in ("hostNetwork", "hostPID", "hostIPC") if pod.get(n)]
    found += _contexts_problems("the pod", _context(pod))
    for sysctl in _context(pod).get("sysctls", []):
        if sysctl["name"] not in _SAFE_SYSCTLS:
            found.append("the pod sets %s" % sysctl["name"])
    for volume in pod.get("volumes", []):
        for kind in set(volume) - {"name"} - _VOLUMES:
            found.append("volume %s is a %s" % (volume["name"], kind))
    for container in containers(pod):
        found += _container_problems(pod, container)
    return found
