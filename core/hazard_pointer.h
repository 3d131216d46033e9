// Safe reclamation: memory that other threads may still be reading is freed when they are done.
//
// A reader announces the address it is about to read (HazardPointer::Protect), checks that the
// address is still current, and then may read it until it protects another address or lets go.
// A writer that has made an object unreachable hands it to Retire, which frees it once no
// hazard pointer names it. Nobody waits for anybody.
//
// Memory order: what a reader did before its hazard pointer let go of an object happens before
// that object's destructor runs. Protect is a sequentially consistent store; the check that
// follows it must be a sequentially consistent load, and what made the object unreachable a
// sequentially consistent operation.
//
// Bound: a thread holds back at most MaxHeldBack objects, one for each hazard pointer of the
// process and kRetireThreshold more, also when a reader is stopped for ever. Objects that a thread
// leaves behind when it ends are taken over by the next thread that starts.
//
// Locks: the first use in a thread, and the end of a thread, take a mutex. Nothing else does.
//
// Source: Concurrency Kit's ck_hp, which does the scanning; M. Michael, "Hazard Pointers", 2004.
#ifndef IRQD_CORE_HAZARD_POINTER_H_
#define IRQD_CORE_HAZARD_POINTER_H_

#include "core/hazard_scan.h"

namespace irqd {

// Hazard pointers that one thread may hold at a time.
inline constexpr unsigned kHazardPointersPerThread = 4;
#ifndef IRQD_SCHEDULE_POINTS
inline constexpr unsigned kRetireThreshold = 64;
#else
// Where a test decides the order of steps, what may be freed is freed at once: what reads it
// afterwards shows.
inline constexpr unsigned kRetireThreshold = 1;
#endif

// How many objects a thread has retired and not freed, at most, in a process of so many threads.
inline constexpr unsigned MaxHeldBack(unsigned threads) {
  return kRetireThreshold + kHazardPointersPerThread * threads;
}

// The base of what can be retired. `destroy` frees the whole object.
struct Retirable {
  explicit Retirable(void (*destroy_fn)(Retirable*)) : destroy(destroy_fn) {}

  void (*destroy)(Retirable*);
  irqd_hazard_entry entry = {};
};

struct HazardRecord;

// One announcement of the calling thread. Not thread-safe; may not change threads.
class HazardPointer {
 public:
  HazardPointer() = default;
  ~HazardPointer();
  HazardPointer(const HazardPointer&) = delete;
  HazardPointer& operator=(const HazardPointer&) = delete;

  // Announces `object`, and lets go of what was announced before. `object` is only compared,
  // so it may be gone already: check that it is current before you read it.
  void Protect(const Retirable* object);
  void Release();

 private:
  void TakeSlot();

  // Where it stands, once there was something to protect.
  HazardRecord* record_ = nullptr;
  unsigned index_ = 0;
};

// Frees `object` when no hazard pointer names it any more, perhaps at once. The caller has made
// it unreachable for readers that have not protected it yet, and nobody else retires it.
void Retire(Retirable* object);

// Frees now what the calling thread has retired and no hazard pointer names any more. For after
// the retirement of something large; otherwise Retire does it every kRetireThreshold objects.
void FreeRetired();

}  // namespace irqd

#endif  // IRQD_CORE_HAZARD_POINTER_H_
