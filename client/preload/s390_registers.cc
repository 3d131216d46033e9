#include "client/preload/s390_registers.h"

#include <string.h>

namespace irqd {
namespace {

constexpr uint64_t kInitialCr0 = 0xe0;
constexpr uint64_t kInitialCr14 = 0xc2000000;

void SetInitialControlRegisters(uint64_t (&crs)[16]) {
  memset(crs, 0, sizeof(crs));
  crs[0] = kInitialCr0;
  crs[14] = kInitialCr14;
}

void ResetInitially(S390Registers* registers, S390SyncRegs* sync) {
  SetInitialControlRegisters(registers->crs);
  registers->todpr = 0;
  registers->pp = 0;
  registers->gbea = 1;
  SetInitialControlRegisters(sync->crs);
  sync->todpr = 0;
  sync->cputm = 0;
  sync->ckc = 0;
  sync->pp = 0;
  sync->gbea = 1;
  sync->fpc = 0;
}

void Clear(S390SyncRegs* sync) {
  memset(sync->gprs, 0, sizeof(sync->gprs));
  memset(sync->acrs, 0, sizeof(sync->acrs));
  memset(sync->fprs, 0, sizeof(sync->fprs));
  memset(sync->rest_of_vrs, 0, sizeof(sync->rest_of_vrs));
  memset(sync->gscb, 0, sizeof(sync->gscb));
  sync->etoken = 0;
  sync->etoken_extension = 0;
}

}  // namespace

bool FindOneReg(uint64_t id, S390OneReg* which, size_t* size) {
  *which = static_cast<S390OneReg>(id & 0xff);
  *size = *which == S390OneReg::kTodpr ? sizeof(uint32_t) : sizeof(uint64_t);
  const uint64_t size_bits = *size == sizeof(uint32_t) ? KVM_REG_SIZE_U32 : KVM_REG_SIZE_U64;
  return *which >= S390OneReg::kTodpr && *which <= S390OneReg::kGbea &&
         id == (KVM_REG_S390 | size_bits | static_cast<uint8_t>(*which));
}

uint64_t* OneReg(S390OneReg which, S390Registers* registers) {
  switch (which) {
    case S390OneReg::kTodpr:
      return &registers->todpr;
    case S390OneReg::kEpochDiff:
      return &registers->epoch_diff;
    case S390OneReg::kPfToken:
      return &registers->pfault_token;
    case S390OneReg::kPfCompare:
      return &registers->pfault_compare;
    case S390OneReg::kPfSelect:
      return &registers->pfault_select;
    case S390OneReg::kPp:
      return &registers->pp;
    case S390OneReg::kGbea:
      return &registers->gbea;
    case S390OneReg::kCpuTimer:
    case S390OneReg::kClockComp:
      break;
  }
  return nullptr;
}

void ResetS390Registers(unsigned int request, S390Registers* registers, S390SyncRegs* sync) {
  registers->pfault_token = kInvalidPfaultToken;
  memset(sync->riccb, 0, sizeof(sync->riccb));
  if (request == KVM_S390_NORMAL_RESET) return;
  ResetInitially(registers, sync);
  if (request == KVM_S390_CLEAR_RESET) Clear(sync);
}

void TakeFromSyncRegs(uint64_t dirty, const S390SyncRegs& sync, S390Registers* registers) {
  if (dirty & kSyncCrs) memcpy(registers->crs, sync.crs, sizeof(sync.crs));
  if (dirty & kSyncArch0) {
    registers->todpr = static_cast<uint32_t>(sync.todpr);
    registers->pp = sync.pp;
    registers->gbea = sync.gbea;
  }
  if (dirty & kSyncPfault) {
    registers->pfault_token = sync.pft;
    registers->pfault_select = sync.pfs;
    registers->pfault_compare = sync.pfc;
  }
}

void PutIntoSyncRegs(const S390Registers& registers, S390SyncRegs* sync) {
  memcpy(sync->crs, registers.crs, sizeof(sync->crs));
  sync->todpr = registers.todpr;
  sync->pp = registers.pp;
  sync->gbea = registers.gbea;
  sync->pft = registers.pfault_token;
  sync->pfs = registers.pfault_select;
  sync->pfc = registers.pfault_compare;
}

}  // namespace irqd
