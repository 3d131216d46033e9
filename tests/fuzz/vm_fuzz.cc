// A sequence of calls on the vCPUs of a VM; every answer must be the model's.
//
// The first byte is the machine, then each call is an opcode, a vCPU, and arguments.
#include <cinttypes>
#include <map>
#include <string>

#include "core/irq_codec.h"
#include "core/vm.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/records.h"
#include "tests/fuzz/vcpu_model.h"

namespace irqd {
namespace {

constexpr uint32_t kEnough = 20664;
constexpr int kMostCalls = 64;

absl::Span<const uint8_t> AsSpan(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

HostProfile TakeProfile(FuzzInput* input) {
  const uint8_t flags = input->Byte();
  HostProfile profile = DefaultHostProfile();
  profile.sigp_interpretation = flags & 1;
  profile.extended_sca = flags & 2;
  return profile;
}

// A VM and its model.
class Twins {
 public:
  explicit Twins(FuzzInput* input) : input_(*input), vm_(1, "vm-1", TakeProfile(input)) {
    shared_.sigpif = vm_.profile().sigp_interpretation;
    shared_.id_limit = !shared_.sigpif ? 255 : vm_.profile().extended_sca ? 248 : 64;
    for (uint32_t id : {0u, 1u, 5u}) CreateVcpu(id);
  }

  void CallOne() {
    const uint8_t what = input_.Byte();
    const uint32_t id = std::next(models_.begin(), input_.Below(models_.size()))->first;
    Vcpu& vcpu = *vm_.FindVcpu(id);
    ModelVcpu& model = models_.at(id);
    switch (what % 10) {
      case 0:
        return CreateVcpu(input_.Byte() == 0 ? 0xffffffff : input_.Byte());
      case 1:
      case 2: {
        const std::string image = TakeRecord(&input_);
        return Same(vcpu.S390Irq(DecodeIrq(AsSpan(image).data())), model.S390Irq(image));
      }
      case 3: {
        const kvm_s390_interrupt interrupt = {
            static_cast<uint32_t>(TakeType(&input_)),
            static_cast<uint32_t>(input_.Number(input_.Byte() & 1 ? 4 : 1)), input_.Number(8)};
        return Same(vcpu.S390Interrupt(interrupt),
                    model.S390Interrupt(interrupt.type, interrupt.parm, interrupt.parm64));
      }
      case 4:
        return SameGet(&vcpu, model, static_cast<uint32_t>(input_.Number(input_.Below(5))));
      case 5:
      case 6:
        return Set(&vcpu, &model);
      case 7:
        return Same(vcpu.Reset(static_cast<ResetKind>(input_.Below(3))), model.Reset());
      case 8: {
        const uint32_t state = input_.Below(16);
        return Same(vcpu.SetMpState(state), model.SetMpState(state));
      }
      default:
        return SameGet(&vcpu, model, kEnough);
    }
  }

  void CheckAll() {
    for (auto& [id, model] : models_) {
      Vcpu& vcpu = *vm_.FindVcpu(id);
      SameGet(&vcpu, model, kEnough);
      Same(vcpu.GetMpState(), model.GetMpState());
      FUZZ_CHECK(vcpu.pending() == model.PendingWord());
    }
  }

 private:
  void CreateVcpu(uint32_t id) {
    const int ret = vm_.CreateVcpu(id);
    const int expected = id >= shared_.id_limit ? -EINVAL : models_.count(id) ? -EEXIST : 0;
    Same(ret, expected);
    if (ret == -EEXIST) models_.at(id).CreateAgain();
    if (ret != 0) return;
    models_.emplace(id, ModelVcpu(&shared_));
    shared_.vcpus.insert(id);
  }

  void Set(Vcpu* vcpu, ModelVcpu* model) {
    std::string list;
    for (int left = 1 + input_.Below(6); left > 0; --left) list += TakeRecord(&input_);
    // Mostly the list's own length; else any that the list's bytes suffice for or that is refused.
    uint32_t len = static_cast<uint32_t>(list.size());
    switch (input_.Below(8)) {
      case 0:
        len = static_cast<uint32_t>(input_.Number(4));
        if (len <= kEnough) len %= list.size() + 1;
        break;
      case 1:
        list.resize(kEnough + kIrqSize);
        len = kEnough + (input_.Byte() & 1 ? 0 : kIrqSize);
    }
    Same(vcpu->SetIrqState(len, AsSpan(list)), model->SetIrqState(len, list));
  }

  void SameGet(Vcpu* vcpu, const ModelVcpu& model, uint32_t len) {
    std::string images, expected;
    Same(vcpu->GetIrqState(len, &images), model.GetIrqState(len, &expected));
    FUZZ_CHECK(images == expected, "%zu and %zu bytes", images.size(), expected.size());
  }

  void Same(int64_t ret, int64_t expected) {
    FUZZ_CHECK(ret == expected, "%" PRId64 ", the model says %" PRId64, ret, expected);
  }

  FuzzInput& input_;
  Vm vm_;
  ModelVm shared_;
  std::map<uint32_t, ModelVcpu> models_;
};

}  // namespace
}  // namespace irqd

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  irqd::FuzzInput input(data, size);
  irqd::Twins twins(&input);
  for (int calls = 0; calls < irqd::kMostCalls && !input.IsEmpty(); ++calls) twins.CallOne();
  twins.CheckAll();
  return 0;
}
