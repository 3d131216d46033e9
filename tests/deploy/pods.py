"""What compose.yaml describes, as a Kubernetes Pod, which podman can play."""

import yaml

# The containers of a pod share one network: there, the services are loopback addresses.
_FIRST_ADDRESS = 2


def hosts(compose):
    """The file /etc/hosts of such a pod. podman 4 heeds no hostAliases without a network."""
    services = enumerate(compose["services"], _FIRST_ADDRESS)
    return "127.0.0.1 localhost\n" + "".join("127.0.0.%d %s\n" % service for service in services)


def from_compose(compose, servers, hosts_file):
    """The Pod. `servers`: the services that listen, each at the address of its name alone."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": compose["name"]},
        "spec": {
            "restartPolicy": "Never",
            "volumes": [{"name": "hosts", "hostPath": {"path": hosts_file, "type": "File"}}],
            "containers": [_container(name, service, name in servers)
                           for name, service in compose["services"].items()],
        },
    }


def _container(name, service, listens):
    container = {
        "name": name,
        "image": "localhost/" + service["image"],
        "imagePullPolicy": "Never",
        "securityContext": {
            "readOnlyRootFilesystem": service["read_only"],
            "allowPrivilegeEscalation":
                "no-new-privileges:true" not in service["security_opt"],
            "capabilities": {"drop": list(service["cap_drop"])},
        },
        "volumeMounts": [{"name": "hosts", "mountPath": "/etc/hosts", "readOnly": True}],
        "resources": {"limits": {"memory": service["mem_limit"].upper() + "i"}},
    }
    if "entrypoint" in service:
        container["command"] = service["entrypoint"]
    if "command" in service:
        container["args"] = service["command"]
    if listens:
        container["args"] = ["--listen=%s:50051" % name]
        environment = {"IRQD_TARGET": name + ":50051"}
    else:
        # Nobody answers DNS there: gRPC's own resolver waits 3 s for it, whatever /etc/hosts has.
        environment = {"GRPC_DNS_RESOLVER": "native"}
    container["env"] = [{"name": key, "value": value} for key, value in environment.items()]
    return container


def to_yaml(pod):
    return yaml.safe_dump(pod, sort_keys=False)
