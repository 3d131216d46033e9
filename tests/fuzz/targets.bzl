"""fuzz_target: a target of tests/fuzz as an ordinary test and as a fuzzer."""

def fuzz_target(name, deps, size = "small"):
    """From NAME_fuzz.cc: NAME_replay_test, and NAME_fuzzer for --config=fuzz.

    Args:
      name: also the folder of the corpus, tests/testdata/fuzz/NAME
      deps: what the target needs
      size: of the test
    """
    native.cc_library(
        name = name + "_fuzz",
        srcs = [name + "_fuzz.cc"],
        deps = deps + [":input"],
        # Its one function is called by name.
        alwayslink = True,
    )
    native.cc_test(
        name = name + "_replay_test",
        size = size,
        srcs = ["replay_test.cc"],
        data = ["//tests/testdata/fuzz:" + name],
        local_defines = ['IRQD_CORPUS=\\"tests/testdata/fuzz/%s\\"' % name],
        deps = [
            ":" + name + "_fuzz",
            ":input",
            "//bazel:gtest",
            "//tests:gtest_main",
            "//tests:seed",
        ],
    )
    native.cc_binary(
        name = name + "_fuzzer",
        linkopts = ["-fsanitize=fuzzer"],
        # Needs clang: nothing for a plain build of everything.
        tags = ["manual"],
        deps = [":" + name + "_fuzz"],
    )
