#include "tests/core/irq_samples.h"

#include <cstring>
#include <iterator>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/irq_codec.h"

namespace irqd {
namespace {

template <typename T>
void FillRandomly(T* object, Random& random) {
  uint8_t bytes[sizeof(T)];
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  std::memcpy(static_cast<void*>(object), bytes, sizeof(T));
}

}  // namespace

kvm_s390_irq Irq(uint64_t type) {
  kvm_s390_irq irq;
  std::memset(&irq, 0, sizeof(irq));
  irq.type = type;
  return irq;
}

kvm_s390_irq SetPrefix(uint32_t address) {
  kvm_s390_irq irq = Irq(KVM_S390_SIGP_SET_PREFIX);
  irq.u.prefix.address = address;
  return irq;
}

kvm_s390_irq Stop(uint32_t flags) {
  kvm_s390_irq irq = Irq(KVM_S390_SIGP_STOP);
  irq.u.stop.flags = flags;
  return irq;
}

kvm_s390_irq PfaultInit(uint32_t ext_params, uint64_t ext_params2, uint32_t pad) {
  kvm_s390_irq irq = Irq(KVM_S390_INT_PFAULT_INIT);
  irq.u.ext = {ext_params, pad, ext_params2};
  return irq;
}

kvm_s390_irq ExternalCall(uint16_t code) {
  kvm_s390_irq irq = Irq(KVM_S390_INT_EXTERNAL_CALL);
  irq.u.extcall.code = code;
  return irq;
}

kvm_s390_irq Emergency(uint16_t code) {
  kvm_s390_irq irq = Irq(KVM_S390_INT_EMERGENCY);
  irq.u.emerg.code = code;
  return irq;
}

kvm_s390_irq Mchk(const kvm_s390_mchk_info& mchk) {
  kvm_s390_irq irq = Irq(KVM_S390_MCHK);
  irq.u.mchk = mchk;
  return irq;
}

kvm_s390_irq MchkOf(uint64_t mcic) {
  kvm_s390_irq irq = Irq(KVM_S390_MCHK);
  irq.u.mchk.mcic = mcic;
  return irq;
}

kvm_s390_irq Program(const kvm_s390_pgm_info& pgm) {
  kvm_s390_irq irq = Irq(KVM_S390_PROGRAM_INT);
  irq.u.pgm = pgm;
  return irq;
}

kvm_s390_mchk_info FilledMchk(uint8_t fill, uint64_t mcic) {
  kvm_s390_mchk_info mchk;
  std::memset(&mchk, fill, sizeof(mchk));
  mchk.cr14 = 0x1400000000000000u | fill;
  mchk.mcic = mcic;
  mchk.failing_storage_address = 0xfa00000000000000u | fill;
  mchk.ext_damage_code = 0xed000000u | fill;
  return mchk;
}

kvm_s390_pgm_info FilledPgm(uint8_t fill, uint16_t code, uint8_t flags) {
  kvm_s390_pgm_info pgm;
  std::memset(&pgm, fill, sizeof(pgm));
  pgm.trans_exc_code = 0x7e00000000000000u | fill;
  pgm.mon_code = 0x3000000000000000u | fill;
  pgm.per_address = 0xadd0000000000000u | fill;
  pgm.data_exc_code = 0xda000000u | fill;
  pgm.code = code;
  pgm.flags = flags;
  return pgm;
}

std::string Image(const kvm_s390_irq& irq) {
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

std::string Images(const std::vector<kvm_s390_irq>& irqs) {
  std::string images;
  for (const kvm_s390_irq& irq : irqs) images += Image(irq);
  return images;
}

std::string HexRecords(absl::string_view images) {
  std::string text;
  for (size_t at = 0; at < images.size(); at += kIrqSize) {
    absl::StrAppend(&text, absl::BytesToHexString(images.substr(at, kIrqSize)), "\n");
  }
  return text;
}

kvm_s390_irq RandomIrq(uint32_t ids, Random& random) {
  static constexpr uint64_t kLocalTypes[] = {
      KVM_S390_SIGP_SET_PREFIX,
      KVM_S390_RESTART,
      KVM_S390_SIGP_STOP,
      KVM_S390_INT_PFAULT_INIT,
      KVM_S390_INT_CPU_TIMER,
      KVM_S390_INT_CLOCK_COMP,
      KVM_S390_MCHK,
      KVM_S390_PROGRAM_INT,
      KVM_S390_INT_EXTERNAL_CALL,
      KVM_S390_INT_EMERGENCY,
  };
  static constexpr uint64_t kOtherTypes[] = {
      0,
      KVM_S390_INT_VIRTIO,
      KVM_S390_INT_SERVICE,
      KVM_S390_INT_PFAULT_DONE,
      0x04010000,
      KVM_S390_INT_IO_MAX,
      0xffffffff,
      uint64_t{1} << 32 | KVM_S390_INT_EMERGENCY,
  };
  kvm_s390_irq irq;
  FillRandomly(&irq, random);
  irq.type = Below(16, random) == 0 ? kOtherTypes[Below(std::size(kOtherTypes), random)]
                                    : kLocalTypes[Below(std::size(kLocalTypes), random)];
  if (irq.type == KVM_S390_INT_EXTERNAL_CALL || irq.type == KVM_S390_INT_EMERGENCY) {
    if (Below(8, random) != 0) irq.u.emerg.code = static_cast<uint16_t>(Below(ids, random));
  } else if (irq.type == KVM_S390_SIGP_STOP) {
    irq.u.stop.flags &= Below(8, random) == 0 ? 3 : 1;
  } else if (irq.type == KVM_S390_PROGRAM_INT) {
    const uint16_t codes[] = {irq.u.pgm.code, kPgmPer, 0, 4, kPgmPer | 6};
    irq.u.pgm.code = codes[Below(std::size(codes), random)];
  } else if (irq.type == KVM_S390_MCHK) {
    const uint64_t masks[] = {~uint64_t{0}, kMchkRepressibleMask, ~kMchkExigentMask, 0};
    irq.u.mchk.mcic &= masks[Below(std::size(masks), random)];
  }
  return irq;
}

LocalState RandomState(uint32_t ids, Random& random) {
  LocalState state;
  state.stopped = Below(2, random);
  const auto toss = [&](LocalIrq irq) {
    if (Below(3, random) != 0) return false;
    state.Set(irq);
    return true;
  };
  toss(LocalIrq::kRestart);
  toss(LocalIrq::kCpuTimer);
  toss(LocalIrq::kClockComp);
  if (!state.stopped && toss(LocalIrq::kSigpStop)) state.stop_flags = Below(2, random);
  if (toss(LocalIrq::kSetPrefix)) FillRandomly(&state.payload.prefix, random);
  if (toss(LocalIrq::kPfaultInit)) FillRandomly(&state.payload.pfault_init, random);
  if (toss(LocalIrq::kProgram)) FillRandomly(&state.payload.pgm, random);
  const bool repressible = toss(LocalIrq::kMchkRepressible);
  const bool exigent = toss(LocalIrq::kMchkExigent);
  // Of a machine check that is not pending, data may stay behind.
  if (repressible || exigent || Below(8, random) == 0) FillRandomly(&state.payload.mchk, random);
  if (toss(LocalIrq::kExternalCall)) {
    state.payload.extcall.code = static_cast<uint16_t>(Below(ids, random));
  }
  if (toss(LocalIrq::kEmergency)) {
    const uint64_t senders = Below(2, random) ? 1 : 1 + Below(ids, random);
    for (uint64_t i = 0; i < senders; ++i) {
      state.payload.emergency.Add(static_cast<uint32_t>(Below(ids, random)));
    }
  }
  return state;
}

void PrintTo(const LocalState& state, std::ostream* out) {
  absl::string_view payload(reinterpret_cast<const char*>(&state.payload), sizeof(state.payload));
  *out << "pending 0x" << absl::StrCat(absl::Hex(state.pending))
       << (state.stopped ? ", stopped" : ", running") << ", stop flags " << int{state.stop_flags}
       << ", payload\n"
       << HexRecords(payload);
}

}  // namespace irqd
