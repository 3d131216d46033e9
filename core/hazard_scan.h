// Concurrency Kit's hazard pointers behind four C functions: its headers are not C++.
// For hazard_pointer.cc alone, which says what is promised.
#ifndef IRQD_CORE_HAZARD_SCAN_H_
#define IRQD_CORE_HAZARD_SCAN_H_

#ifdef __cplusplus
extern "C" {
#endif

struct irqd_hazard_record;  // a thread's slots, and what it has retired

// What an object carries while it waits; any value before that.
struct irqd_hazard_entry {
  void* space[3];
};

// Once per process. A scan comes when `threshold` objects of a record wait.
void irqd_hazard_init(unsigned slots_per_record, unsigned threshold, void (*destroy)(void*));
// A new record over `slots`, which the caller provides and writes. Null: no memory.
struct irqd_hazard_record* irqd_hazard_register(void** slots);
void irqd_hazard_retire(struct irqd_hazard_record* record, struct irqd_hazard_entry* entry,
                        void* object);
// Destroys what `record` has waiting and no slot names.
void irqd_hazard_scan(struct irqd_hazard_record* record);

#ifdef __cplusplus
}
#endif

#endif  // IRQD_CORE_HAZARD_SCAN_H_
