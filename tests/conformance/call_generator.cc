#include "tests/conformance/call_generator.h"

#include <algorithm>

#include "tests/conformance/exceptions.h"

namespace irqd {
namespace {

// The limit of SET_IRQ_STATE.
constexpr uint32_t kMaxLen = 20664;
// External, I/O and machine-check interruptions are enabled.
constexpr uint64_t kOpenPsw = 0x0304000000000000;
// Room for the floating interrupts of most sequences; for the others ENOMEM is an answer too.
constexpr uint64_t kListing = 72 * 256;
// KVM_S390_FLIC_MAX_BUFFER.
constexpr uint64_t kMaxListing = 0x2000000;

// How often a call is used by a sequence that uses it.
uint64_t Frequency(Op op) {
  switch (op) {
    case Op::kS390Irq:
      return 12;
    case Op::kVmInterrupt:
    case Op::kSetDeviceAttr:
      return 8;
    case Op::kSetIrqState:
    case Op::kDeliver:
    case Op::kGetIrqState:
    case Op::kS390Interrupt:
    case Op::kSetCr:
    case Op::kSetPswMask:
      return 5;
    case Op::kCreateVcpu:
    case Op::kEnableCap:
    case Op::kHasDeviceAttr:
    case Op::kNullArgument:
    case Op::kSetTod:
      return 1;
    case Op::kPending:
    case Op::kRegisters:
    case Op::kVmPending:
    case Op::kGetMpState:
      return 0;  // looked at after every call
    default:
      return 3;
  }
}

}  // namespace

CallGenerator::CallGenerator(uint64_t seed, const Backend& tested)
    : random_(seed), tested_(tested), records_(&random_) {
  profile_.sigp_interpretation = OneIn(2);
  profile_.extended_sca = OneIn(2);
  profile_.gisa = OneIn(3) && tested.Has(Feature::kFloating);
  const uint32_t ids[] = {0, 1, 2, 3, 62, 63, 64, 246, 247, 254};
  const uint64_t count = OneIn(100) ? 60 + Below(190, random_) : 1 + Below(4, random_);
  for (uint64_t i = 0; i < count; ++i) {
    Step create;
    create.vcpu = count > 4 ? static_cast<uint32_t>(Below(255, random_)) : OneOf(ids);
    planned_.push_back(create);
  }
  if (tested.Has(Feature::kFloating) && OneIn(3)) {
    Step ais;
    ais.op = Op::kEnableCap;
    ais.number = KVM_CAP_S390_AIS;
    planned_.push_back(ais);
  }
  is_open_ = tested.Has(Feature::kDelivery) && OneIn(2);
  if (is_open_) {
    Step masks;
    masks.op = Op::kSetNewPswMask;
    masks.number = -1;
    masks.value = OneIn(2) ? kOpenPsw : PswMask();
    planned_.push_back(masks);
  }
  for (int op = 0; op < kOps; ++op) weights_[op] = WeightFor(static_cast<Op>(op));
  length_ = OneIn(4) ? 20 + static_cast<int>(Below(300, random_)) : 40;
  records_.set_ids(&created_);
}

uint64_t CallGenerator::WeightFor(Op op) {
  Step step;
  step.op = op;
  step.images.resize(kIrqSize);
  const absl::optional<Feature> feature = FeatureFor(step);
  if (feature && !tested_.Has(*feature)) return 0;
  const uint64_t factors[] = {0, 1, 1, 4};
  return Frequency(op) * (op == Op::kS390Irq ? 1 : OneOf(factors));
}

Op CallGenerator::DrawOp() {
  uint64_t sum = 0;
  for (uint64_t weight : weights_) sum += weight;
  uint64_t at = Below(sum, random_);
  int op = 0;
  while (at >= weights_[op]) at -= weights_[op++];
  return static_cast<Op>(op);
}

Step CallGenerator::Next() {
  Step step;
  do {
    step = Draw();
  } while (IsNotCompared(step));
  return step;
}

void CallGenerator::Learn(const Step& step) {
  if (step.op == Op::kCreateVcpu && step.reply.ret == 0) {
    created_.push_back(step.vcpu);
    if (is_open_ && created_.size() <= 4) PlanOpening(step.vcpu);
  }
  if (step.op == Op::kGetIrqState && !step.reply.buf.empty()) last_get_ = step.reply.buf;
}

void CallGenerator::PlanOpening(uint32_t vcpu) {
  Step step;
  step.vcpu = vcpu;
  step.op = Op::kSetPswMask;
  step.value = kOpenPsw;
  planned_.push_back(step);
  step.op = Op::kSetCr;
  step.value = ~uint64_t{0} ^ (random_() & random_() & random_());
  for (int64_t cr : {0, 6, 14}) {
    step.number = cr;
    planned_.push_back(step);
  }
}

uint32_t CallGenerator::NewId() {
  const uint32_t ids[] = {0,   1,   5,   63,  64,  65,    247,
                          248, 254, 255, 256, 300, 65536, static_cast<uint32_t>(random_())};
  return OneOf(ids);
}

Step CallGenerator::Draw() {
  Step step;
  if (!planned_.empty()) {
    step = planned_.back();
    planned_.pop_back();
    return step;
  }
  step.op = DrawOp();
  if (step.op == Op::kCreateVcpu) {
    step.vcpu = NewId();
    return step;
  }
  if (!IsOnVm(step.op)) {
    if (created_.empty()) {
      step.op = Op::kCreateVcpu;
      return step;
    }
    step.vcpu = created_[Below(created_.size(), random_)];
  }
  switch (step.op) {
    case Op::kEnableCap: {
      const int64_t caps[] = {KVM_CAP_S390_AIS, KVM_CAP_S390_IRQCHIP, 9999};
      step.number = OneOf(caps);
      break;
    }
    case Op::kVmInterrupt:
      step.interrupt = records_.FloatingInterrupt();
      break;
    case Op::kSetDeviceAttr:
    case Op::kGetDeviceAttr:
    case Op::kHasDeviceAttr:
      DrawAttr(&step);
      break;
    case Op::kS390Irq:
      step.images = records_.Local();
      break;
    case Op::kS390Interrupt:
      step.interrupt = records_.LocalInterrupt();
      break;
    case Op::kGetIrqState:
      step.len = GetLength();
      if (tested_.Has(Feature::kUserMemory) && OneIn(4)) {
        step.room = static_cast<uint32_t>(Below(6, random_)) * 72;
      }
      break;
    case Op::kSetIrqState:
      DrawSet(&step);
      break;
    case Op::kSetMpState: {
      const int64_t states[] = {5, 7, 5, 7, 5, 7, 6, 8, 0, static_cast<uint32_t>(random_())};
      step.number = OneOf(states);
      break;
    }
    case Op::kNullArgument: {
      const int64_t requests[] = {KVM_S390_IRQ,
                                  KVM_S390_INTERRUPT,
                                  KVM_S390_GET_IRQ_STATE,
                                  KVM_S390_SET_IRQ_STATE,
                                  KVM_SET_MP_STATE,
                                  KVM_GET_MP_STATE,
                                  0xaeff,
                                  0xadff,
                                  0x4010aeb5};
      step.number = OneOf(requests);
      break;
    }
    case Op::kSetTod:
    case Op::kSetClockComparator:
    case Op::kSetCpuTimer:
      step.value = Time();
      break;
    case Op::kSetNewPswMask:
      step.number = static_cast<int64_t>(Below(kNewPsws + 2, random_)) - 2;
      step.number = std::max<int64_t>(step.number, -1);
      step.value = PswMask();
      break;
    case Op::kSetPswMask:
      step.value = PswMask();
      break;
    case Op::kSetCr: {
      const int64_t crs[] = {0, 6, 14};
      step.number = OneOf(crs);
      step.value = Cr(step.number);
      break;
    }
    default:
      break;
  }
  return step;
}

uint32_t CallGenerator::GetLength() {
  const uint32_t lengths[] = {
      kMaxLen,
      72 * (1 + static_cast<uint32_t>(Below(6, random_))),
      static_cast<uint32_t>(Below(500, random_)),
      0,
      71,
      kMaxLen + 72,
      0x7fffffff,
      0x80000000,
      0xffffffff,
  };
  return OneOf(lengths);
}

std::string CallGenerator::Records() {
  std::string images;
  const uint64_t count = OneIn(50) ? 260 + Below(30, random_) : Below(6, random_);
  for (uint64_t i = 0; i < count; ++i) images += records_.Local();
  return images;
}

void CallGenerator::DrawSet(Step* step) {
  step->images = OneIn(3) ? last_get_ : Records();
  const uint32_t size = static_cast<uint32_t>(step->images.size());
  step->len = size;
  if (!OneIn(6)) return;
  const uint32_t lengths[] = {0, 71, size - 1, size + 1, kMaxLen + 72, 0x80000000u, 0xffffffb8u};
  step->len = OneOf(lengths);
  if (tested_.Has(Feature::kUserMemory) && OneIn(2)) step->len = size + 72;
}

void CallGenerator::DrawAttr(Step* step) {
  FlicAttr& attr = step->attr;
  attr.group = 1 + static_cast<uint32_t>(Below(11, random_));
  if (step->op == Op::kSetDeviceAttr && OneIn(2)) attr.group = GroupOf(FlicGroup::kEnqueue);
  if (step->op == Op::kGetDeviceAttr) attr.group = OneIn(2) ? 1 : 11;
  if (OneIn(25)) attr.group = static_cast<uint32_t>(records_.Value());
  attr.attr = OneIn(3) ? records_.Value() : Below(4, random_);
  if (OneIn(25)) attr.flags = static_cast<uint32_t>(records_.Value());
  if (step->op == Op::kHasDeviceAttr) return;
  switch (static_cast<FlicGroup>(attr.group)) {
    case FlicGroup::kGetAllIrqs: {
      const uint64_t lengths[] = {kListing, 72, 144, 71, 0, 72 * 8, 73, 0x2000001, ~uint64_t{0}};
      attr.attr = OneIn(100) ? kMaxListing : OneOf(lengths);
      if (step->op != Op::kGetDeviceAttr) return;
      // All that a sequence can leave fits into the longest.
      attr.memory.resize(attr.attr == kMaxListing ? 72 * 2048 : std::min(attr.attr, kListing));
      return;
    }
    case FlicGroup::kEnqueue:
      DrawEnqueue(&attr);
      break;
    case FlicGroup::kAdapterRegister:
    case FlicGroup::kAdapterModify:
      DrawAdapter(&attr);
      break;
    case FlicGroup::kClearIoIrq: {
      attr.attr = OneIn(8) ? Below(8, random_) : 4;
      const uint32_t subchannel = records_.Subchannel();
      for (int shift = 24; shift >= 0; shift -= 8) {
        attr.memory.push_back(static_cast<char>(subchannel >> shift));
      }
      break;
    }
    case FlicGroup::kAism:
      attr.memory = {static_cast<char>(Below(9, random_)), '\0', '\0',
                     static_cast<char>(Below(3, random_))};
      break;
    case FlicGroup::kAismAll:
      attr.memory = Bytes(2);
      break;
    default:
      break;
  }
  if (step->op == Op::kSetDeviceAttr && OneIn(12)) {
    attr.memory.resize(Below(attr.memory.size() + 1, random_));
  }
}

void CallGenerator::DrawEnqueue(FlicAttr* attr) {
  for (uint64_t n = Below(5, random_); n > 0; --n) attr->memory += records_.Floating();
  const uint64_t size = attr->memory.size();
  attr->attr = size;
  if (!OneIn(6)) return;
  const uint64_t lengths[] = {size + 1,
                              size - 1,
                              size + 72,
                              size + 40,
                              size | uint64_t{1} << 32,
                              0x2000000 + 40,
                              uint64_t(int64_t{-16}),
                              uint64_t(int64_t{-72}),
                              0x80000000,
                              records_.Value()};
  attr->attr = OneOf(lengths);
}

// struct kvm_s390_io_adapter or kvm_s390_io_adapter_req, and the numbers that they share.
void CallGenerator::DrawAdapter(FlicAttr* attr) {
  const bool registers = attr->group == GroupOf(FlicGroup::kAdapterRegister);
  const uint32_t ids[] = {0, 1, 2, 3, 0, 1, 2, 63, 64, 0xffffffff};
  const uint32_t id = OneOf(ids);
  attr->memory = registers ? Bytes(8) : Bytes(16);
  for (int i = 0; i < 4; ++i) attr->memory[i] = static_cast<char>(id >> (24 - 8 * i));
  attr->memory[4] = static_cast<char>(OneIn(20) ? random_() : Below(registers ? 8 : 5, random_));
  attr->memory[5] = static_cast<char>(Below(2, random_));
}

std::string CallGenerator::Bytes(size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(records_.Value());
  return bytes;
}

uint64_t CallGenerator::PswMask() {
  const uint64_t masks[] = {
      kOpenPsw,
      kOpenPsw,
      0,
      0x0100000000000000,
      0x0200000000000000,
      0x0004000000000000,
      kOpenPsw | 0x0002000000000000,
      random_(),
  };
  return OneOf(masks);
}

uint64_t CallGenerator::Cr(int64_t cr) {
  const uint64_t any[] = {0, ~uint64_t{0}, random_(), uint64_t{1} << Below(64, random_)};
  if (OneIn(3)) return OneOf(any);
  if (cr == 0) return (random_() & 0x6e00) | (OneIn(3) ? uint64_t{1} << 53 : 0);
  if (cr == 6) return (random_() & 0xff) << 24;
  return (random_() & 0x1f) << 24;
}

uint64_t CallGenerator::Time() {
  constexpr uint64_t kStart = 0x2000000000000000;
  const uint64_t times[] = {0,
                            1,
                            kStart - 1,
                            kStart,
                            kStart + 1,
                            ~uint64_t{0},
                            uint64_t{1} << 63,
                            (uint64_t{1} << 63) - 1,
                            random_()};
  return OneOf(times);
}

}  // namespace irqd
