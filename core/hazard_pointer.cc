#include "core/hazard_pointer.h"

#include <cassert>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include "core/atomic.h"

#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace irqd {

// A thread's slots and what it has retired.
struct HazardRecord {
  irqd_hazard_record* hp = nullptr;
  void* slots[kHazardPointersPerThread] = {};
  unsigned used = 0;  // bit i: slots[i] belongs to a HazardPointer
};

namespace {

// ThreadSanitizer cannot see how ck_hp orders a reader's release before the destructor, because
// ck_hp reads the slots in assembly. These two tell it.
#if defined(__SANITIZE_THREAD__)
char order_of_release_and_destroy;
void AnnotateRelease() { __tsan_release(&order_of_release_and_destroy); }
void AnnotateDestroy() { __tsan_acquire(&order_of_release_and_destroy); }
#else
void AnnotateRelease() {}
void AnnotateDestroy() {}
#endif

void Destroy(void* object) {
  AnnotateDestroy();
  auto* retirable = static_cast<Retirable*>(object);
  retirable->destroy(retirable);
}

// All records there ever were. Ended threads leave theirs here, with what is still waiting.
class Domain {
 public:
  static Domain& Get() {
    static Domain* const domain = new Domain;  // never destroyed: threads may end after main
    return *domain;
  }

  HazardRecord* TakeRecord() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!idle_.empty()) {
      HazardRecord* record = idle_.back();
      idle_.pop_back();
      return record;
    }
    all_.push_back(std::make_unique<HazardRecord>());
    HazardRecord* record = all_.back().get();
    record->hp = irqd_hazard_register(record->slots);
    if (record->hp == nullptr) throw std::bad_alloc();
    return record;
  }

  void GiveBack(HazardRecord* record) {
    irqd_hazard_scan(record->hp);
    std::lock_guard<std::mutex> lock(mutex_);
    idle_.push_back(record);
  }

 private:
  Domain() { irqd_hazard_init(kHazardPointersPerThread, kRetireThreshold, &Destroy); }

  std::mutex mutex_;
  std::vector<std::unique_ptr<HazardRecord>> all_;
  std::vector<HazardRecord*> idle_;
};

struct ThreadRecord {
  ThreadRecord() : record(Domain::Get().TakeRecord()) {}
  ~ThreadRecord() { Domain::Get().GiveBack(record); }
  HazardRecord* const record;
};

HazardRecord& ThisThread() {
  thread_local ThreadRecord mine;
  return *mine.record;
}

}  // namespace

HazardPointer::~HazardPointer() {
  if (record_ == nullptr) return;
  Release();
  record_->used &= ~(1u << index_);
}

// Most calls meet no node, and need no slot.
void HazardPointer::TakeSlot() {
  record_ = &ThisThread();
  index_ = __builtin_ctz(~record_->used);
  assert(index_ < kHazardPointersPerThread);
  record_->used |= 1u << index_;
}

void HazardPointer::Protect(const Retirable* object) {
  if (record_ == nullptr) TakeSlot();
  void** const slot = &record_->slots[index_];
  AnnotateRelease();
  SchedulePoint(ScheduleStep::kAnnounce, slot);
  __atomic_store_n(slot, const_cast<Retirable*>(object), __ATOMIC_SEQ_CST);
}

void HazardPointer::Release() {
  if (record_ == nullptr) return;
  void** const slot = &record_->slots[index_];
  AnnotateRelease();
  SchedulePoint(ScheduleStep::kAnnounce, slot);
  __atomic_store_n(slot, nullptr, __ATOMIC_RELEASE);
}

// A scan reads all slots; for a test that schedules threads it is one step.
void Retire(Retirable* object) {
  HazardRecord& record = ThisThread();
  SchedulePoint(ScheduleStep::kScan, record.hp);
  irqd_hazard_retire(record.hp, &object->entry, object);
}

void FreeRetired() {
  HazardRecord& record = ThisThread();
  SchedulePoint(ScheduleStep::kScan, record.hp);
  irqd_hazard_scan(record.hp);
}

}  // namespace irqd
