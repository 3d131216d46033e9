// Records, states and their images for tests, written down field by field.
#ifndef IRQD_TESTS_CORE_IRQ_SAMPLES_H_
#define IRQD_TESTS_CORE_IRQ_SAMPLES_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/kvm_s390.h"
#include "core/local_state.h"
#include "tests/seed.h"

namespace irqd {

// A record without payload.
kvm_s390_irq Irq(uint64_t type);
kvm_s390_irq SetPrefix(uint32_t address);
kvm_s390_irq Stop(uint32_t flags = 0);
kvm_s390_irq PfaultInit(uint32_t ext_params, uint64_t ext_params2, uint32_t pad = 0);
kvm_s390_irq ExternalCall(uint16_t code);
kvm_s390_irq Emergency(uint16_t code);
kvm_s390_irq Mchk(const kvm_s390_mchk_info& mchk);
kvm_s390_irq MchkOf(uint64_t mcic);
kvm_s390_irq Program(const kvm_s390_pgm_info& pgm);

// Members with a different value in each field, all made from `fill`.
kvm_s390_mchk_info FilledMchk(uint8_t fill, uint64_t mcic);
kvm_s390_pgm_info FilledPgm(uint8_t fill, uint16_t code, uint8_t flags);

std::string Image(const kvm_s390_irq& irq);
std::string Images(const std::vector<kvm_s390_irq>& irqs);
// A line per record, for messages.
std::string HexRecords(absl::string_view images);

// A record that a vCPU may take or refuse: any local type most of the time, any bytes behind it,
// and sending CPUs below `ids` most of the time.
kvm_s390_irq RandomIrq(uint32_t ids, Random& random);
// What a vCPU could be in, with senders below `ids`.
LocalState RandomState(uint32_t ids, Random& random);

void PrintTo(const LocalState& state, std::ostream* out);

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_IRQ_SAMPLES_H_
