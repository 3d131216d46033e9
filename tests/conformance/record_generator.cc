#include "tests/conformance/record_generator.h"

#include "core/kvm_flic.h"

namespace irqd {
namespace {

constexpr uint64_t kLocalTypes[] = {
    KVM_S390_SIGP_SET_PREFIX,   KVM_S390_RESTART,       KVM_S390_SIGP_STOP,
    KVM_S390_INT_PFAULT_INIT,   KVM_S390_INT_CPU_TIMER, KVM_S390_INT_CLOCK_COMP,
    KVM_S390_INT_EXTERNAL_CALL, KVM_S390_INT_EMERGENCY, KVM_S390_MCHK,
    KVM_S390_PROGRAM_INT,
};
// Stands for all types of I/O interrupts.
constexpr uint64_t kIo = 0;
constexpr uint64_t kFloatingTypes[] = {
    KVM_S390_MCHK, KVM_S390_INT_SERVICE, KVM_S390_INT_PFAULT_DONE, KVM_S390_INT_VIRTIO, kIo, kIo,
};

// Some of `types`, at least one.
template <size_t N>
std::vector<uint64_t> SomeOf(const uint64_t (&types)[N], Random& random) {
  std::vector<uint64_t> some;
  const uint64_t mask = random() & random();
  for (size_t i = 0; i < N; ++i) {
    if (mask >> i & 1) some.push_back(types[i]);
  }
  if (some.empty()) some.push_back(types[Below(N, random)]);
  return some;
}

// Writes `size` bytes of a big-endian number.
void Put(uint64_t value, size_t offset, size_t size, std::string* image) {
  for (size_t i = 0; i < size; ++i) {
    (*image)[offset + i] = static_cast<char>(value >> (8 * (size - 1 - i)));
  }
}

// Of a union that starts at 8.
void PutField(uint64_t value, size_t offset, size_t size, std::string* image) {
  Put(value, 8 + offset, size, image);
}

}  // namespace

RecordGenerator::RecordGenerator(Random* random)
    : random_(*random),
      local_types_(SomeOf(kLocalTypes, *random)),
      floating_types_(SomeOf(kFloatingTypes, *random)),
      odd_types_(OneIn(2) ? 12 : 60),
      noise_(OneIn(2)) {}

uint64_t RecordGenerator::Value() {
  switch (Below(6, random_)) {
    case 0:
      return 0;
    case 1:
      return ~uint64_t{0};
    case 2:
      return uint64_t{1} << Below(64, random_);
    case 3:
      return Below(4, random_);
    case 4:
      return random_() & 0xffffffff;
    default:
      return random_();
  }
}

uint32_t RecordGenerator::Id() {
  if (ids_ == nullptr || ids_->empty() || OneIn(12)) return static_cast<uint32_t>(Value());
  return (*ids_)[Below(ids_->size(), random_)];
}

uint64_t RecordGenerator::OddType() {
  const uint64_t local = local_types_[Below(local_types_.size(), random_)];
  const uint64_t types[] = {
      0,
      Value(),
      local | uint64_t{1} << 32,
      local + 1,
      KVM_S390_INT_VIRTIO,
      KVM_S390_INT_SERVICE,
      KVM_S390_INT_PFAULT_DONE,
      kIntIoMax,
      kIntIoMax + 1,
      KVM_S390_INT_EMERGENCY,
      KVM_S390_INT_PFAULT_INIT,
      0xffffffff,
  };
  return OneOf(types);
}

uint64_t RecordGenerator::LocalType() {
  if (OneIn(odd_types_)) return OddType();
  return local_types_[Below(local_types_.size(), random_)];
}

uint64_t RecordGenerator::FloatingType() {
  if (OneIn(odd_types_)) return OddType();
  const uint64_t type = floating_types_[Below(floating_types_.size(), random_)];
  if (type != kIo) return type;
  switch (Below(4, random_)) {
    case 0:
      return kIntIoAdapter;
    case 1:
      return kIntIoAdapter | Below(4, random_);
    case 2:
      return Below(kIntIoMax + 1, random_);
    default:
      return Below(3, random_) << 16 | Below(3, random_);
  }
}

uint32_t RecordGenerator::Subchannel() {
  const uint32_t all[] = {0x00010000, 0x00010001, 0x00010002, 0x00030001, 0};
  return OneIn(8) ? static_cast<uint32_t>(Value()) : OneOf(all);
}

uint64_t RecordGenerator::MachineCheckCode() {
  const uint64_t codes[] = {uint64_t{1} << 63, uint64_t{1} << 62, uint64_t{1} << 58,
                            uint64_t{1} << 56, uint64_t{1} << 55, 0};
  return OneOf(codes) | (OneIn(3) ? Value() : 0);
}

uint64_t RecordGenerator::Cr14() {
  const uint64_t subclasses[] = {0x10000000, 0x08000000, 0x04000000, 0x02000000, 0x01000000, 0};
  return OneIn(4) ? Value() : OneOf(subclasses);
}

void RecordGenerator::FillPayload(std::string* image) {
  if (OneIn(4)) return;  // all zero
  for (size_t at = 8; at < kIrqSize; at += 8) Put(Value(), at, 8, image);
}

// What decides how the kernel treats a record.
void RecordGenerator::SetPayload(uint64_t type, std::string* image) {
  switch (type) {
    case KVM_S390_SIGP_STOP:
      PutField(OneIn(8) ? Value() : Below(2, random_), 0, 4, image);
      return;
    case KVM_S390_INT_EMERGENCY:
    case KVM_S390_INT_EXTERNAL_CALL:
      PutField(Id(), 0, 2, image);
      return;
    case KVM_S390_MCHK:
      PutField(Cr14(), 0, 8, image);
      PutField(MachineCheckCode(), 8, 8, image);
      return;
    case KVM_S390_PROGRAM_INT: {
      const uint64_t codes[] = {kPgmPer, 0, 1, 4, 0x10, 0x11, 0x40, 0x86, 0x90, 0x119, random_()};
      PutField(OneOf(codes), 28, 2, image);
      const uint64_t flags[] = {0, 1, 3, 5, 9, random_()};
      PutField(OneOf(flags), 37, 1, image);
      return;
    }
    case KVM_S390_INT_SERVICE: {
      const uint64_t parameters[] = {0, 1, 2, 3, 0x1000, 0x1001, 0xfffffff8, Value()};
      PutField(OneOf(parameters), 0, 4, image);
      return;
    }
    default:
      break;
  }
  if (type > kIntIoMax) return;
  PutField(Subchannel(), 0, 4, image);
  PutField(Below(8, random_) << 27 | (OneIn(2) ? 0x80000000 : Value() & 0x07ffffff), 8, 4, image);
}

std::string RecordGenerator::Local() {
  std::string image(kIrqSize, '\0');
  const uint64_t type = LocalType();
  Put(type, 0, 8, &image);
  if (noise_) FillPayload(&image);
  SetPayload(type, &image);
  return image;
}

std::string RecordGenerator::Floating() {
  std::string image(kIrqSize, '\0');
  const uint64_t type = FloatingType();
  Put(type, 0, 8, &image);
  if (noise_) FillPayload(&image);
  SetPayload(type, &image);
  return image;
}

kvm_s390_interrupt RecordGenerator::LocalInterrupt() {
  kvm_s390_interrupt interrupt = {};
  interrupt.type = static_cast<uint32_t>(LocalType());
  const uint64_t parms[] = {0, 1, Id(), kPgmPer, 0x10000, 0xffff, Value()};
  interrupt.parm = static_cast<uint32_t>(OneOf(parms));
  interrupt.parm64 = OneIn(2) ? MachineCheckCode() : Value();
  return interrupt;
}

kvm_s390_interrupt RecordGenerator::FloatingInterrupt() {
  kvm_s390_interrupt interrupt = {};
  interrupt.type = static_cast<uint32_t>(FloatingType());
  interrupt.parm = Subchannel();
  interrupt.parm64 = Value() << 32 | Below(8, random_) << 27 | (OneIn(2) ? 0x80000000 : 0);
  if (interrupt.type == KVM_S390_MCHK) {
    interrupt.parm = static_cast<uint32_t>(Cr14());
    interrupt.parm64 = MachineCheckCode();
  } else if (interrupt.type > kIntIoMax && OneIn(2)) {
    interrupt.parm = static_cast<uint32_t>(OneIn(2) ? Value() : Below(8, random_));
    interrupt.parm64 = Value();
  }
  return interrupt;
}

}  // namespace irqd
