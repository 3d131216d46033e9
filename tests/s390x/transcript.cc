// transcript TARGET SEED SEQUENCES: random calls through the C interface on the irqd at TARGET,
// each sequence from a seed of its own. Prints a line for each, a recording of calls and answers as
// docs/vectors.md describes it; buffers are images, whatever this machine's byte order.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "client/vectors/scenario.h"
#include "tests/conformance/c_backend.h"
#include "tests/conformance/call_generator.h"

namespace irqd {
namespace {

Step FullGet(uint32_t vcpu) {
  Step step;
  step.op = Op::kGetIrqState;
  step.vcpu = vcpu;
  step.len = 20664;
  return step;
}

// After each call on a vCPU, what is pending there is looked at too.
Scenario RunSequence(uint64_t seed, Backend* backend) {
  CallGenerator generator(seed, *backend);
  Scenario scenario = {"random-" + std::to_string(seed), generator.profile(), {}};
  const std::unique_ptr<BackendVm> vm = backend->CreateVm(generator.profile());
  std::set<uint32_t> vcpus;
  const auto run = [&](Step* step) {
    step->reply = Run(*step, vm.get());
    scenario.steps.push_back(*step);
  };
  for (int i = 0; i < generator.length(); ++i) {
    Step step = generator.Next();
    const bool is_on_vcpu = !IsOnVm(step.op);
    if (!is_on_vcpu || vcpus.count(step.vcpu) > 0) run(&step);
    generator.Learn(step);
    if (step.op == Op::kCreateVcpu && step.reply.ret == 0) vcpus.insert(step.vcpu);
    Step look = FullGet(step.vcpu);
    if (is_on_vcpu && vcpus.count(step.vcpu) > 0) run(&look);
  }
  return scenario;
}

}  // namespace
}  // namespace irqd

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "transcript TARGET SEED SEQUENCES\n";
    return 2;
  }
  const std::unique_ptr<irqd::Backend> backend = irqd::MakeCBackend(argv[1]);
  const uint64_t seed = std::strtoull(argv[2], nullptr, 10);
  const uint64_t sequences = std::strtoull(argv[3], nullptr, 10);
  for (uint64_t i = 0; i < sequences; ++i) {
    std::cout << irqd::FormatScenario(irqd::RunSequence(seed + i, backend.get())) << '\n';
  }
  return 0;
}
