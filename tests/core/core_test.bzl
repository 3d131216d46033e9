"""Tests of core/: what all of them have in common."""

# The rules, what they stand on, and what holds states.
_CORE = [
    "//bazel:absl",
    "//core:delivery",
    "//core:float_irq",
    "//core:host_profile",
    "//core:irq_codec",
    "//core:kvm_s390",
    "//core:local_irq",
    "//core:vm",
    "//tests:seed",
    "//tests/core:irq_samples",
]

def core_test(name, deps = [], size = "small", **kwargs):
    """A cc_test of NAME.cc with the core, GoogleTest and its main program."""
    native.cc_test(
        name = name,
        size = size,
        srcs = [name + ".cc"],
        deps = depset(deps + _CORE + [
            "//bazel:gtest",
            "//tests:gtest_main",
        ]).to_list(),
        **kwargs
    )
