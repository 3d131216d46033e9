#include "client/new_descriptor.h"

#include <utility>

namespace irqd {

int NewDescriptor::Publish(std::shared_ptr<const Descriptor> descriptor) && {
  return DescriptorTable::Get().Add(std::move(carrier), std::move(descriptor),
                                    std::move(lifetimes));
}

int Prepare(NewDescriptor* made) {
  UniqueFd token;
  made->lifetimes.resize(1);
  const int error = DescriptorTable::Get().BeginLifetime(&made->lifetimes[0], &token);
  return error != 0 ? error : MakeCarrier({token.get()}, &made->carrier);
}

int PrepareInVm(int vm_fd, std::shared_ptr<Lifetime> vm, NewDescriptor* made) {
  UniqueFd vm_token;
  const int error = CopyToken(vm_fd, &vm_token);
  if (error != 0) return error;
  made->lifetimes = {std::move(vm)};
  return MakeCarrier({vm_token.get()}, &made->carrier);
}

int PrepareBesideVm(int vm_fd, std::shared_ptr<Lifetime> vm, NewDescriptor* made) {
  UniqueFd token, vm_token;
  made->lifetimes = {nullptr, std::move(vm)};
  int error = DescriptorTable::Get().BeginLifetime(&made->lifetimes[0], &token);
  if (error == 0) error = CopyToken(vm_fd, &vm_token);
  return error != 0 ? error : MakeCarrier({token.get(), vm_token.get()}, &made->carrier);
}

}  // namespace irqd
