// What the command table says about vectors run and capture.
#ifndef IRQD_CLIENT_IRQCTL_VECTORS_HELP_H_
#define IRQD_CLIENT_IRQCTL_VECTORS_HELP_H_

#include "absl/strings/string_view.h"
#include "client/irqctl/command_line.h"

namespace irqd::irqctl {

inline constexpr Option kVectorsRunOptions[] = {
    {"name", "GLOB", "only scenarios of such a name, e.g. 'local-1*'"},
    {"stop-at-first", "", "stop at the first difference"},
};

inline constexpr absl::string_view kVectorsRunDetails =
    "Runs the scenarios in FILE (default: stdin), recorded calls with the answers of\n"
    "a kernel (docs/vectors.md), each on a VM of its own that is removed afterwards,\n"
    "and shows where answers differ; a scenario ends at its first difference. Steps\n"
    "count from 0. --target may be inproc:, the simulation inside irqctl. A scenario\n"
    "that needs memory that ends early, which only the C interface has, is skipped,\n"
    "and named.\n"
    "Exit code: 1 if an answer differs, 2 also if nothing could be run.\n"
    "JSON: {passed, failed, skipped, differences: [{file, line, name, step, op, vcpu,\n"
    "expected: {ret, errno, buf, irqs, delivered}, got: {...}}],\n"
    "not_run: [{file, line, name, reason}]}.";

inline constexpr Option kCaptureOptions[] = {
    {"listen", "ADDR",
     "where programs find it: host:port or unix:PATH\n"
     "(default: 127.0.0.1:0, a free port)"},
    {"ready-file", "FILE", "write the address to FILE once it serves"},
};

inline constexpr absl::string_view kCaptureDetails =
    "Stands between programs and the server --target, passes on every call, and\n"
    "writes what was answered to FILE as vectors (docs/vectors.md), a scenario for\n"
    "each VM that is made meanwhile. Ends with COMMAND, which finds it by IRQD_TARGET\n"
    "and whose exit code it takes over; without one, at SIGINT or SIGTERM:\n"
    "\n"
    "  irqctl capture session.jsonl -- python3 -m pytest\n"
    "  irqctl --target inproc: vectors run session.jsonl\n"
    "\n"
    "Calls go through one at a time. Left out, and named at the end: VMs that were\n"
    "there before, and what follows a call that vectors cannot express.\n"
    "JSON: {scenarios, steps, notes: [...]}.";

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_VECTORS_HELP_H_
