// Every bound on what a client may ask for. Nothing that a client sends takes memory before it
// was held against these. Sizes are in bytes.
//
// Bounds of the simulated kernel are its own and lie with its rules (kvm_s390.h,
// host_profile.h); they are answered with an errno, these with a gRPC status.
#ifndef IRQD_CORE_LIMITS_H_
#define IRQD_CORE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace irqd {

// VMs and vCPUs of one server, unless --max_vms and --max_vcpus say otherwise ...
inline constexpr uint32_t kDefaultMaxVms = 1u << 20;
inline constexpr uint32_t kDefaultMaxVcpus = 1u << 22;
// ... and the most that these may say.
inline constexpr uint32_t kMaxMaxVms = 1u << 24;
inline constexpr uint32_t kMaxMaxVcpus = 1u << 28;

// A VM's name: a to z, 0 to 9 and '-', a letter first and no '-' last (as AIP-122 has them).
inline constexpr size_t kMaxVmNameLength = 63;

// AIP-158 pages: what a request without page_size gets, and what a larger one is cut to.
inline constexpr int32_t kDefaultPageSize = 100;
inline constexpr int32_t kMaxPageSize = 1000;
inline constexpr size_t kMaxPageTokenLength = 32;

// SetIrqStateRequest.buf. The kernel takes no more than 20,664 (Linux 4.1: 6,912), but answers
// longer ones itself.
inline constexpr size_t kMaxIrqStateBuf = 64 << 10;
// IrqStateArg.reserved: words that the kernel's structure has.
inline constexpr int kMaxReservedWords = 4;
// vCPUs of one GetIrqStates or SetIrqStates: as many as a VM can have.
inline constexpr size_t kMaxBatchVcpus = 255;
// Records of one message of InjectStream.
inline constexpr size_t kMaxStreamRecords = 1024;
// SetDeviceAttrRequest.memory: 910 records. The FLIC takes longer lists one record at a time, so
// that they may come in parts.
inline constexpr size_t kMaxDeviceAttrMemory = 64 << 10;
// What one Deliver takes. Records and data of as many make a message of about 1 MB.
inline constexpr uint32_t kMaxDeliveredIrqs = 10000;
// SigpRequest.order: a byte, as the architecture's orders are.
inline constexpr uint32_t kMaxSigpOrder = 0xff;
// What a client accepts as an answer: all floating interrupts that can be pending.
inline constexpr int kMaxResponseSize = 40 << 20;
// How long a request or an answer may be whose memory the server keeps for the next one.
inline constexpr size_t kMaxKeptMessage = 128 << 10;
// The same for the few calls that read and write many vCPUs.
inline constexpr size_t kMaxKeptBatch = 1 << 20;
inline constexpr size_t kMaxKernelNameLength = 64;

// One request message, by gRPC itself before a field of it is looked at: SetIrqStates of a whole VM
// with all interrupts that can be pending, 255 times 20,664 bytes, and some room.
inline constexpr int kMaxRequestSize = 6 << 20;
// What all requests may take together that are arriving or wait to be answered. Above it gRPC
// cancels calls.
inline constexpr size_t kMaxReceivedMemory = 256 << 20;
// All headers of a call together.
inline constexpr int kMaxMetadataSize = 8 << 10;
// Calls under way on one connection; more wait at the client.
inline constexpr int kMaxConcurrentStreams = 1024;

// What a client is told to connect to.
inline constexpr size_t kMaxTargetLength = 1024;

}  // namespace irqd

#endif  // IRQD_CORE_LIMITS_H_
