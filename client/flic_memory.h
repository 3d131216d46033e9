// What lies at the address of a FLIC's attribute: structures of the program, in host byte order,
// and the big-endian images that calls carry.
//
// Thread safety: all functions may be called from any thread.
#ifndef IRQD_CLIENT_FLIC_MEMORY_H_
#define IRQD_CLIENT_FLIC_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace irqd {

// The structure that KVM_SET_DEVICE_ATTR of `group` reads at `address`, or as much of it as can be
// read; nothing for a group that reads none, and for KVM_DEV_FLIC_ENQUEUE. Returns 0, or -EMFILE,
// -ENFILE as user_memory.h.
int ReadFlicStructure(uint32_t group, uint64_t address, std::string* image);

// The records in the `size` bytes at `address`, or as much of them as can be read: the last one may
// be cut anywhere. Returns as above.
int ReadFlicRecords(uint64_t address, size_t size, std::string* images);

}  // namespace irqd

#endif  // IRQD_CLIENT_FLIC_MEMORY_H_
