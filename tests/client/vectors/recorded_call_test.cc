// Which steps each call becomes.
#include "client/vectors/recorded_call.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/client/vectors/recorder_test_case.h"

namespace irqd {
namespace {

using testing::HasSubstr;

using RecordedCallTest = RecorderTest;

TEST_F(RecordedCallTest, WritesWhatWasAnswered) {
  Answer<v1::CreateVcpuRequest, v1::CreateVcpuResponse>("/irqd.v1.Vms/CreateVcpu",
                                                        absl::StrCat(kVm, "vcpu_id: 4"), "ret: 0");
  Answer<v1::GetIrqStateRequest, v1::GetIrqStateResponse>(
      "/irqd.v1.Kvm/GetIrqState", absl::StrCat(kVcpu, "arg { len: 72 buf: 9 flags: 1 }"),
      "ret: -105 buf: '\\001\\002'");
  Answer<v1::SetIrqStateRequest, v1::SetIrqStateResponse>(
      "/irqd.v1.Kvm/SetIrqState", absl::StrCat(kVcpu, "arg { len: 2 } buf: '\\001\\002\\003'"),
      "ret: -22");
  // linux-4.1 takes no more than 6,912 bytes, and looks at none of them.
  Answer<v1::SetIrqStateRequest, v1::SetIrqStateResponse>(
      "/irqd.v1.Kvm/SetIrqState", absl::StrCat(kVcpu, "arg { len: 7200 }"), "ret: -22");
  Answer<v1::S390IrqRequest, v1::S390IrqResponse>("/irqd.v1.Kvm/S390Irq",
                                                  absl::StrCat(kVcpu, "record: '\\001'"), "ret: 0");
  Answer<v1::S390InterruptRequest, v1::S390InterruptResponse>(
      "/irqd.v1.Kvm/S390Interrupt", absl::StrCat(kVcpu, "type: 1 parm: 2 parm64: 3"), "ret: -22");
  for (const char* kind : {"NORMAL", "INITIAL", "CLEAR"}) {
    Answer<v1::ResetRequest, v1::ResetResponse>("/irqd.v1.Kvm/Reset",
                                                absl::StrCat(kVcpu, "kind: ", kind), "");
  }
  Answer<v1::SetMpStateRequest, v1::SetMpStateResponse>(
      "/irqd.v1.Kvm/SetMpState", absl::StrCat(kVcpu, "mp_state: 9"), "ret: -6");

  EXPECT_EQ(Steps(), R"({"op":"create_vcpu","vcpu":4,"ret":0}
{"op":"KVM_S390_GET_IRQ_STATE","vcpu":3,"len":72,"ret":-105,"buf":"0102"}
{"op":"KVM_S390_SET_IRQ_STATE","vcpu":3,"len":2,"buf":"0102","ret":-22}
{"op":"KVM_S390_SET_IRQ_STATE","vcpu":3,"len":7200,"buf":")" +
                         std::string(2 * 7200, '0') + R"(","ret":-22}
{"op":"KVM_S390_IRQ","vcpu":3,"arg":"01","ret":0}
{"op":"KVM_S390_INTERRUPT","vcpu":3,"type":1,"parm":2,"parm64":3,"ret":-22}
{"op":"KVM_S390_NORMAL_RESET","vcpu":3,"ret":0}
{"op":"KVM_S390_INITIAL_RESET","vcpu":3,"ret":0}
{"op":"KVM_S390_CLEAR_RESET","vcpu":3,"ret":0}
{"op":"KVM_SET_MP_STATE","vcpu":3,"mp_state":9,"ret":-6})");
}

TEST_F(RecordedCallTest, WritesFloatingInterrupts) {
  Answer<v1::FlicS390InterruptRequest, v1::FlicS390InterruptResponse>(
      "/irqd.v1.Flic/S390Interrupt", absl::StrCat(kVm, "type: 1 parm: 2 parm64: 3"), "");
  const auto set = [&](const std::string& attr, const std::string& memory) {
    Answer<v1::SetDeviceAttrRequest, v1::SetDeviceAttrResponse>(
        "/irqd.v1.Flic/SetDeviceAttr",
        absl::StrCat(kVm, "attr {", attr, "} memory: '", memory, "'"), "ret: -14");
  };
  set("group: 2 attr: 72", "\\001");
  set("group: 2 attr: 72 flags: 1", "\\001");
  set("group: 3", "");
  set("group: 8 attr: 4", "\\000\\001\\000\\002");
  set("group: 10 attr: 5", "");
  const auto get = [&](const std::string& attr, const std::string& memory) {
    Answer<v1::GetDeviceAttrRequest, v1::GetDeviceAttrResponse>(
        "/irqd.v1.Flic/GetDeviceAttr", absl::StrCat(kVm, "attr {", attr, "}"),
        absl::StrCat("ret: 1 memory: '", memory, "'"));
  };
  get("group: 1 attr: 72", "\\001");
  get("group: 1 attr: 72 flags: 1", "\\001");
  get("group: 11 attr: 2", "\\001\\002");
  Answer<v1::HasDeviceAttrRequest, v1::HasDeviceAttrResponse>(
      "/irqd.v1.Flic/HasDeviceAttr", absl::StrCat(kVm, "attr { group: 12 }"), "ret: -6");
  Answer<v1::EnableCapRequest, v1::EnableCapResponse>("/irqd.v1.Flic/EnableCap",
                                                      absl::StrCat(kVm, "cap: 141"), "ret: -16");
  // Refused, so that nothing follows from it.
  Answer<v1::EnableCapRequest, v1::EnableCapResponse>(
      "/irqd.v1.Flic/EnableCap", absl::StrCat(kVm, "cap: 141 flags: 1"), "ret: -22");

  EXPECT_EQ(Steps(), R"({"op":"KVM_S390_INTERRUPT","type":1,"parm":2,"parm64":3,"ret":0}
{"op":"KVM_DEV_FLIC_ENQUEUE","len":72,"buf":"01","ret":-14}
{"op":"KVM_SET_DEVICE_ATTR","flags":1,"group":2,"attr":"0x48","memory":"01","ret":-14}
{"op":"KVM_DEV_FLIC_CLEAR_IRQS","ret":-14}
{"op":"KVM_DEV_FLIC_CLEAR_IO_IRQ","schid":65538,"ret":-14}
{"op":"KVM_SET_DEVICE_ATTR","flags":0,"group":10,"attr":"0x5","memory":"","ret":-14}
{"op":"KVM_DEV_FLIC_GET_ALL_IRQS","len":72,"ret":1,"buf":"01"}
{"op":"KVM_GET_DEVICE_ATTR","flags":1,"group":1,"attr":"0x48","memory":"00","ret":1,"buf":"01"}
{"op":"KVM_GET_DEVICE_ATTR","flags":0,"group":11,"attr":"0x2","memory":"0000","ret":1,"buf":"0102"}
{"op":"KVM_HAS_DEVICE_ATTR","flags":0,"group":12,"attr":"0x0","memory":"","ret":-6}
{"op":"KVM_ENABLE_CAP","cap":141,"ret":-16})");
}

TEST_F(RecordedCallTest, WritesWhatGuestsDo) {
  Answer<v1::SetVcpuRegistersRequest, Empty>(
      "/irqd.v1.Guest/SetVcpuRegisters",
      absl::StrCat(kVcpu,
                   "registers { psw_mask: 1 cr0: 2 cr6: 3 cr14: 4 clock_comparator: 5 "
                   "cpu_timer: 6 }"),
      "");
  Answer<v1::GetVcpuRegistersRequest, v1::VcpuRegisters>(
      "/irqd.v1.Guest/GetVcpuRegisters", kVcpu,
      "psw_mask: 1 prefix: 7 cr0: 2 cr6: 3 cr14: 4 clock_comparator: 5 cpu_timer: 6");
  Answer<v1::SetVmRegistersRequest, Empty>(
      "/irqd.v1.Guest/SetVmRegisters",
      absl::StrCat(kVm,
                   "registers { tod_clock: 1 new_psw_restart: 0 new_psw_external: 2 "
                   "new_psw_program: 3 new_psw_machine_check: 4 new_psw_io: 5 }"),
      "");
  Answer<v1::DeliverRequest, v1::DeliverResponse>(
      "/irqd.v1.Guest/Deliver", absl::StrCat(kVcpu, "max_irqs: 1"),
      "delivered { irq: '\\000\\000\\000\\000\\377\\377\\022\\001' data0: 3 data1: 4 } "
      "pending { type: 1 }");
  Answer<v1::GetDeliverableRequest, v1::GetDeliverableResponse>(
      "/irqd.v1.Guest/GetDeliverable", kVcpu, "has_irq: true has_irq_besides_stop: false");
  Answer<v1::StopInterceptRequest, v1::StopInterceptResponse>("/irqd.v1.Guest/StopIntercept", kVcpu,
                                                              "ret: -95");

  EXPECT_EQ(Steps(), R"({"op":"set_psw_mask","vcpu":3,"value":"0x1"}
{"op":"set_cr","vcpu":3,"cr":0,"value":"0x2"}
{"op":"set_cr","vcpu":3,"cr":6,"value":"0x3"}
{"op":"set_cr","vcpu":3,"cr":14,"value":"0x4"}
{"op":"set_clock_comparator","vcpu":3,"value":"0x5"}
{"op":"set_cpu_timer","vcpu":3,"value":"0x6"}
{"op":"registers","vcpu":3,"ret":0,"buf":"0000000000000001000000000000000700000000000000020000)"
                     R"(000000000003000000000000000400000000000000050000000000000006"}
{"op":"set_tod","value":"0x1"}
{"op":"set_new_psw_mask","which":0,"value":"0x0"}
{"op":"set_new_psw_mask","which":1,"value":"0x2"}
{"op":"set_new_psw_mask","which":2,"value":"0x3"}
{"op":"set_new_psw_mask","which":3,"value":"0x4"}
{"op":"set_new_psw_mask","which":4,"value":"0x5"}
{"op":"deliver","vcpu":3,"ret":0,"delivered":[{"type":"0xffff1201","data0":"0x3","data1":"0x4"}]}
{"op":"has_irq","vcpu":3,"ret":0}
{"op":"stop_intercept","vcpu":3,"ret":-95})");
}

TEST_F(RecordedCallTest, WritesBatchesAsSingleCalls) {
  Answer<v1::GetIrqStatesRequest, v1::GetIrqStatesResponse>(
      "/irqd.v1.Batch/GetIrqStates", absl::StrCat(kVm, "len: 72 one_instant: true"),
      "vcpu_ids: [3, 4] ret: [1, -105] size: [1, 2] buf: '\\001\\002\\003'");
  Answer<v1::SetIrqStatesRequest, v1::SetIrqStatesResponse>(
      "/irqd.v1.Batch/SetIrqStates", absl::StrCat(kVm, "vcpu_ids: [3, 4] len: [1, 0] buf: '\\001'"),
      "ret: [-22, -16]");

  // vCPU 4 was never made, which ParseScenario would say.
  recorder_->Finish();
  EXPECT_THAT(lines_[0],
              HasSubstr(R"({"op":"KVM_S390_GET_IRQ_STATE","vcpu":3,"len":72,"ret":1,"buf":"01"},)"
                        R"({"op":"KVM_S390_GET_IRQ_STATE","vcpu":4,"len":72,"ret":-105,)"
                        R"("buf":"0203"},)"
                        R"({"op":"KVM_S390_SET_IRQ_STATE","vcpu":3,"len":1,"buf":"01","ret":-22},)"
                        R"({"op":"KVM_S390_SET_IRQ_STATE","vcpu":4,"len":0,"buf":"","ret":-16})"));
}

TEST_F(RecordedCallTest, WritesStreamsAsSingleCalls) {
  uint64_t vm = 0;
  const std::string record(kIrqSize, 'a');
  const auto say = [&](const std::string& to, const std::string& records, const std::string& ret) {
    recorder_->StreamAnswered(
        Bytes<v1::InjectStreamRequest>(absl::StrCat(to, "records: '", records, "'")),
        Bytes<v1::InjectStreamResponse>(ret), &vm);
  };
  say(absl::StrCat(kVm, "vcpu_ids: 3 "), record + record, "ret: [0, -16]");
  say("", "", "");
  say("vcpu_ids: 3 ", record, "ret: -22");
  DeleteVm(7);
  say("vcpu_ids: 3 ", record, "ret: 0");

  const std::string hex = absl::BytesToHexString(record);
  const auto step = [&](int ret) {
    return absl::StrCat(R"({"op":"KVM_S390_IRQ","vcpu":3,"arg":")", hex, R"(","ret":)", ret, "}");
  };
  EXPECT_EQ(Steps(), absl::StrCat(step(0), "\n", step(-16), "\n", step(-22)));
}

TEST_F(RecordedCallTest, WritesOrdersAsWhatTheyInject) {
  const auto give = [&](int order, const std::string& answer) {
    Answer<v1::SigpRequest, v1::SigpResponse>(
        "/irqd.v1.Guest/Sigp",
        absl::StrCat(kVcpu, "to_vcpu_id: 3 parameter: 0x12345678 order: ", order), answer);
  };
  for (int order : {2, 3, 5, 9, 13}) give(order, "");
  give(1, "");                               // sense: neither stopped nor called
  give(2, "condition_code: 1 status: 128");  // a second external call
  give(4, "condition_code: 2");
  give(11, "condition_code: 3");

  const auto step = [](const std::string& head) {
    return absl::StrCat(R"({"op":"KVM_S390_IRQ","vcpu":3,"arg":"00000000)", head,
                        std::string(2 * kIrqSize - 8 - head.size(), '0'), R"(","ret":0})");
  };
  EXPECT_EQ(Steps(),
            absl::StrCat(step("ffff12020003"), "\n", step("ffff12010003"), "\n", step("fffe0000"),
                         "\n", step("fffe000000000001"), "\n", step("fffe000212344000")));
}

TEST(KindOfMethod, KnowsWhatIsIrqds) {
  EXPECT_EQ(KindOf("/irqd.v1.Kvm/S390Irq"), MethodKind::kRecorded);
  EXPECT_EQ(KindOf("/irqd.v1.Batch/InjectStream"), MethodKind::kInjectStream);
  EXPECT_EQ(KindOf("/irqd.v1.Vms/ListVms"), MethodKind::kHarmless);
  EXPECT_EQ(KindOf("/grpc.health.v1.Health/Check"), MethodKind::kHarmless);
  EXPECT_EQ(KindOf("/irqd.v1.Vms/Fly"), MethodKind::kUnknown);
}

// Who adds a call to irqd decides here what it is to vectors.
TEST(KindOfMethod, KnowsEveryCall) {
  int methods = 0;
  for (const auto* file :
       {v1::ListVmsRequest::descriptor()->file(), v1::ResetRequest::descriptor()->file(),
        v1::GetIrqStatesRequest::descriptor()->file(), v1::DeviceAttr::descriptor()->file(),
        v1::SigpRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j, ++methods) {
        const std::string method = absl::StrCat("/", file->service(i)->full_name(), "/",
                                                file->service(i)->method(j)->name());
        EXPECT_NE(KindOf(method), MethodKind::kUnknown) << method;
      }
    }
  }
  EXPECT_GE(methods, 31);
}

}  // namespace
}  // namespace irqd
