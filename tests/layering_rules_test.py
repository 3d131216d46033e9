import unittest

from tests import layering


class LayeringRulesTest(unittest.TestCase):
    def _check(self, path, text, *expected):
        with self.subTest(path=path, text=text[:80]):
            found = list(layering.check_file(path, text))
            self.assertEqual(len(found), len(expected), found)
            for phrase, problem in zip(expected, found):
                self.assertIn(phrase, problem)

    def test_includes(self):
        for path, include, allowed in (
            ("core/a.h", '"core/limits.h"', True),
            ("core/a.h", "<linux/kvm.h>", True),
            ("core/a.h", '"absl/status/status.h"', True),
            ("core/a.h", "<grpc/grpc.h>", False),
            ("core/a.cc", "<grpcpp/grpcpp.h>", False),
            ("core/a.cc", '"google/protobuf/message.h"', False),
            ("core/a.cc", '"irqd/v1/kvm.pb.h"', False),
            ("core/a.cc", '"proto/irqd/v1/kvm.pb.h"', False),
            ("core/a.c", '"server/service.h"', False),
            ("core/deep/a.cc", '"client/connection.h"', False),
            ("core/a.cc", '"tests/fake.h"', False),
            ("core/a.cc", '"./client/connection.h"', False),
            ("server/a.cc", '"core/vm.h"', True),
            ("server/a.cc", "<grpcpp/grpcpp.h>", True),
            ("server/a.cc", '"client/connection.h"', False),
            ("server/a.cc", '"tests/fake.h"', False),
            ("client/a.cc", '"core/vm.h"', True),
            ("client/a.cc", '"server/service.h"', False),
            ("client/a.h", '"tests/fake.h"', False),
            ("tests/a.cc", '"server/service.h"', True),
        ):
            text = "// a\n#  include %s\n" % include
            self._check(path, text, *([] if allowed else ["includes"]))

    def test_include_upwards(self):
        self._check("server/a.cc", '#include "../core/vm.h"\n', "from the top")

    def test_labels(self):
        for path, label, allowed in (
            ("core/BUILD", "//bazel:absl", True),
            ("core/BUILD", "//proto:irqd_cc", False),
            ("core/BUILD", "@irqd//proto:irqd_cc", False),
            ("core/BUILD", "//server:__pkg__", True),
            ("core/BUILD", "//tests:__subpackages__", True),
            ("core/BUILD", "//tests/core:fake", False),
            ("core/BUILD", "@debian_grpc//:lib", False),
            ("server/BUILD", "//core:vm", True),
            ("server/BUILD", "//proto:irqd_cc", True),
            ("server/BUILD", "//client:kvm", False),
            ("server/BUILD", "//tests:fake", False),
            ("client/BUILD", "//server:service", False),
            ("client/BUILD.bazel", "//tests:fake", False),
            ("proto/BUILD", "//core:vm", False),
            ("deploy/BUILD", "//tests:fake", False),
            ("tests/core/BUILD", "//tests:fake", True),
        ):
            text = "cc_library(\n    name = 'a',\n    deps = ['%s'],\n)\n" % label
            self._check(path, text, *([] if allowed else ["uses"]))

    def test_public_visibility(self):
        text = "package(default_visibility = ['//visibility:public'])\n"
        self._check("core/BUILD", text, "visible to everybody")
        self._check("bazel/shims/coverage/BUILD.bazel", text)

    def test_top_level_entries(self):
        for path in ("README.md", "docs/api.md", "deploy/quickstart", ".ci/run", ".gitignore"):
            self._check(path, "")
        for path in ("Makefile", "src/a.cc", "utility.py", "examples/a.c"):
            self._check(path, "", "at the top")

    def test_names(self):
        for path in ("core/utils.h", "core/util.cc", "tests/utils/a.py", "client/utils"):
            self._check(path, "", "nothing in particular")
        self._check("core/utilization.h", "")

    def test_length(self):
        self._check("core/a.cc", "\n" * 400)
        self._check("core/a.cc", "\n" * 401, "401 lines")
        self._check("tests/run", "#!/bin/bash\n" + "\n" * 400, "401 lines")
        self._check("LICENSE", "\n" * 1000)

    def test_machine_paths(self):
        home = "/" + "home"
        for path in (home + "/jane/irqd", "/" + "root", "/" + "work/x", "/" + "tmp/wt/tests"):
            self._check("docs/a.md", "See %s.\n" % path, "path of one machine")
        for text in ("net/work", "https://x.org/work/", "/rooted", "framework", "/tmp/socket"):
            self._check("docs/a.md", text)


if __name__ == "__main__":
    unittest.main()
