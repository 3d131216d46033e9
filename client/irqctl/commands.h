// The commands of irqctl. Each reads its arguments, makes its calls and says how it ended.
#ifndef IRQD_CLIENT_IRQCTL_COMMANDS_H_
#define IRQD_CLIENT_IRQCTL_COMMANDS_H_

#include "absl/types/span.h"
#include "client/irqctl/command.h"
#include "client/irqctl/command_line.h"

namespace irqd::irqctl {

// commands_vm.cc
Reply VmCreate(const Invocation& invocation);
Reply VmList(const Invocation& invocation);
Reply VmDelete(const Invocation& invocation);
Reply VcpuCreate(const Invocation& invocation);
Reply VcpuList(const Invocation& invocation);
Reply Health(const Invocation& invocation);

// commands_irq.cc
Reply Inject(const Invocation& invocation);
Reply Get(const Invocation& invocation);
Reply Set(const Invocation& invocation);
Reply Reset(const Invocation& invocation);
Reply MpState(const Invocation& invocation);

// commands_batch.cc
Reply GetAll(const Invocation& invocation);
Reply SetAll(const Invocation& invocation);
Reply InjectLines(const Invocation& invocation);

// commands_flic.cc
Reply FlicList(const Invocation& invocation);
Reply FlicEnqueue(const Invocation& invocation);
Reply FlicClear(const Invocation& invocation);
Reply FlicClearIo(const Invocation& invocation);

// commands_adapter.cc
Reply FlicAdapter(const Invocation& invocation);
Reply FlicAis(const Invocation& invocation);

// commands_guest.cc
Reply Deliver(const Invocation& invocation);
Reply ShowDeliverable(const Invocation& invocation);
Reply InterceptStop(const Invocation& invocation);
Reply GiveOrder(const Invocation& invocation);

// commands_registers.cc
Reply Registers(const Invocation& invocation);

// commands_offline.cc
Reply Decode(const Invocation& invocation);
Reply Encode(const Invocation& invocation);

// commands_vectors.cc, commands_capture.cc
Reply VectorsRun(const Invocation& invocation);
Reply Capture(const Invocation& invocation);

// All of them, as the command line and the help know them (command_table.cc).
absl::Span<const Command> Commands();

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_COMMANDS_H_
