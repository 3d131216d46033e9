#include "core/hazard_scan.h"

#include <ck_hp.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct irqd_hazard_entry) == sizeof(ck_hp_hazard_t), "entries must fit");

struct irqd_hazard_record {
  ck_hp_record_t hp;
};

static ck_hp_t domain;

void irqd_hazard_init(unsigned slots_per_record, unsigned threshold, void (*destroy)(void*)) {
  ck_hp_init(&domain, slots_per_record, threshold, destroy);
}

struct irqd_hazard_record* irqd_hazard_register(void** slots) {
  struct irqd_hazard_record* record =
      aligned_alloc(_Alignof(struct irqd_hazard_record), sizeof(struct irqd_hazard_record));
  if (record == NULL) return NULL;
  memset(record, 0, sizeof(*record));
  ck_hp_register(&domain, &record->hp, slots);
  return record;
}

void irqd_hazard_retire(struct irqd_hazard_record* record, struct irqd_hazard_entry* entry,
                        void* object) {
#ifndef CK_MD_TSO
  // The scan's loads must not pass the operation that made the object unreachable.
  ck_pr_fence_memory();
#endif
  ck_hp_free(&record->hp, (ck_hp_hazard_t*)entry, object, object);
}

void irqd_hazard_scan(struct irqd_hazard_record* record) { ck_hp_reclaim(&record->hp); }
