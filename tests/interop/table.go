// The table of README.md in Go: code from the .proto files, and nothing of irqd's own.
//
//	table 127.0.0.1:50051
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	irqd "irqd/v1"
)

// What the kernel calls the types.
const (
	sigpStop     = 0xfffe0000
	programInt   = 0xfffe0001
	machineCheck = 0xfffe1000
	emergency    = 0xffff1201
	externalCall = 0xffff1202
)

const (
	recordSize = 72
	maxState   = 20664 // always enough for a GET
	neverWas   = 1<<64 - 1
)

// Errno is what the simulated kernel answers: Linux's number, whatever system this runs on. So it
// is no syscall.Errno, which has other numbers elsewhere.
type Errno int32

const enobufs Errno = 105

func (e Errno) Error() string { return fmt.Sprintf("errno %d", int32(e)) }

// check turns the ret of a response into the error that it stands for, if it does. It is not for
// the status: that one is gRPC's error, and says that the call did not reach the kernel.
func check(ret int32) error {
	if ret < 0 {
		return Errno(-ret)
	}
	return nil
}

// The members of the union in struct kvm_s390_irq, without what lies behind the last field.
type mchk struct {
	Cr14, Mcic, FailingStorageAddress uint64
	ExtDamageCode, Pad                uint32
	FixedLogout                       [16]byte
}

type pgm struct {
	TransExcCode, MonCode, PerAddress uint64
	DataExcCode                       uint32
	Code, MonClassNr                  uint16
	PerCode, PerAtmid, ExcAccessID    uint8
	PerAccessID, OpAccessID, Flags    uint8
	Pad                               [2]byte
}

// record is an image of s390x memory: big-endian, and always 72 bytes.
func record(irqType uint64, member interface{}) []byte {
	var image bytes.Buffer
	for _, part := range []interface{}{irqType, member} {
		if err := binary.Write(&image, binary.BigEndian, part); err != nil {
			log.Fatal(err) // only fields of a fixed size can be written
		}
	}
	return append(image.Bytes(), make([]byte, recordSize-image.Len())...)
}

// clients are stubs for one connection.
type clients struct {
	vms   irqd.VmsClient
	kvm   irqd.KvmClient
	batch irqd.BatchClient
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: table TARGET")
	}
	// No call waits longer than the context that it is given.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	connection, err := grpc.DialContext(ctx, os.Args[1], grpc.WithInsecure())
	must(err)
	defer connection.Close()
	c := &clients{irqd.NewVmsClient(connection), irqd.NewKvmClient(connection),
		irqd.NewBatchClient(connection)}

	a, err := c.vms.CreateVm(ctx, &irqd.CreateVmRequest{VcpuIds: []uint32{2, 3}})
	must(err)
	defer c.delete(ctx, a)
	vcpu := func(id uint32) *irqd.VcpuRef { return &irqd.VcpuRef{VmId: a.Id, VcpuId: id} }

	fmt.Printf("create first=%d again=%d\n", c.createVcpu(ctx, a, 31), c.createVcpu(ctx, a, 31))
	c.inject(ctx, vcpu(2))
	state := c.getTwice(ctx, vcpu(2))
	busy := c.set(ctx, vcpu(2), state)
	fmt.Printf("set ret=%d kept=%x\n", busy, c.get(ctx, vcpu(2), maxState).Buf)
	c.move(ctx, vcpu(2), state)
	c.stream(ctx, a, vcpu(31))
	c.deadline(ctx, fmt.Sprintf("late-%d", a.Id))
	c.unknown(ctx)
}

func (c *clients) inject(ctx context.Context, vcpu *irqd.VcpuRef) {
	logout := [16]byte{0x98, 0x89, 0xc3, 0x30, 0xff, 0xd2, 0x25, 0xc9,
		0xbd, 0xc7, 0x39, 0x60, 0xb7, 0x99, 0x89, 0x5a}
	var rets []int32
	for _, image := range [][]byte{
		record(sigpStop, uint32(0x80000000)),
		record(emergency, uint16(31)),
		record(machineCheck, mchk{Cr14: 1 << 28, Mcic: 1 << 62, ExtDamageCode: 0xffffffff,
			Pad: 0x6e3d0ede, FixedLogout: logout}),
		record(programInt, pgm{MonCode: 0x8000, PerAddress: 0x166e6a9c7b7dc9cb,
			DataExcCode: 0xa609ca, Code: 0x10, MonClassNr: 0xdea1, PerCode: 0x3e, PerAtmid: 0x8c,
			ExcAccessID: 0x86, PerAccessID: 0xa7, OpAccessID: 0x73, Pad: [2]byte{0x4c, 0x01}}),
	} {
		response, err := c.kvm.S390Irq(ctx, &irqd.S390IrqRequest{Vcpu: vcpu, Record: image})
		must(err)
		rets = append(rets, response.Ret)
	}
	fmt.Println("inject ret=" + list(rets))
}

func (c *clients) getTwice(ctx context.Context, vcpu *irqd.VcpuRef) []byte {
	small := c.get(ctx, vcpu, 2*recordSize)
	large := small
	if check(small.Ret) == enobufs {
		large = c.get(ctx, vcpu, maxState)
	}
	fmt.Printf("get small=%d fitted=%x large=%d all=%x\n", small.Ret, small.Buf, large.Ret, large.Buf)
	return large.Buf
}

func (c *clients) move(ctx context.Context, from *irqd.VcpuRef, state []byte) {
	b, err := c.vms.CreateVm(ctx, &irqd.CreateVmRequest{VcpuIds: []uint32{2, 3, 31}})
	must(err)
	defer c.delete(ctx, b)
	to := &irqd.VcpuRef{VmId: b.Id, VcpuId: 2}
	set := c.set(ctx, to, state)
	there := c.get(ctx, to, maxState)
	reset, err := c.kvm.Reset(ctx, &irqd.ResetRequest{Vcpu: from, Kind: irqd.ResetRequest_NORMAL})
	must(err)
	here := c.get(ctx, from, maxState)
	fmt.Printf("move set=%d there=%x reset=%d here=%d\n", set, there.Buf, reset.Ret, here.Ret)
}

func (c *clients) stream(ctx context.Context, vm *irqd.Vm, vcpu *irqd.VcpuRef) {
	stream, err := c.batch.InjectStream(ctx)
	must(err)
	message := &irqd.InjectStreamRequest{
		Vm:      byID(vm),
		VcpuIds: []uint32{vcpu.VcpuId}, // one for all records
		Records: append(record(emergency, uint16(2)), record(externalCall, uint16(3))...),
	}
	for i := 0; i < 2; i++ {
		must(stream.Send(message)) // who sends many reads meanwhile, in a goroutine
	}
	must(stream.CloseSend())
	var rets []string
	for {
		response, err := stream.Recv()
		if err == io.EOF {
			break
		}
		must(err)
		rets = append(rets, list(response.Ret))
	}
	fmt.Printf("stream ret=%s pending=%x\n", strings.Join(rets, ";"), c.get(ctx, vcpu, maxState).Buf)
}

func (c *clients) deadline(ctx context.Context, free string) {
	past, cancel := context.WithDeadline(ctx, time.Now().Add(-time.Second))
	defer cancel()
	_, err := c.vms.CreateVm(past, &irqd.CreateVmRequest{Name: free})
	fmt.Println("deadline status=" + name(err))
	ref := &irqd.VmRef{Vm: &irqd.VmRef_Name{Name: free}}
	_, err = c.vms.GetVm(ctx, &irqd.GetVmRequest{Vm: ref})
	fmt.Println("untouched status=" + name(err))
}

func (c *clients) unknown(ctx context.Context) {
	request := &irqd.GetIrqStateRequest{Vcpu: &irqd.VcpuRef{VmId: neverWas},
		Arg: &irqd.IrqStateArg{Len: maxState}}
	_, err := c.kvm.GetIrqState(ctx, request)
	fmt.Println("unknown status=" + name(err))
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ResourceInfo); ok {
			fmt.Printf("details type=%s name=%s\n", info.ResourceType, info.ResourceName)
		}
	}
}

// The calls that cases make more than once.

func (c *clients) createVcpu(ctx context.Context, vm *irqd.Vm, id uint32) int32 {
	response, err := c.vms.CreateVcpu(ctx, &irqd.CreateVcpuRequest{Vm: byID(vm), VcpuId: id})
	must(err)
	return response.Ret
}

func (c *clients) delete(ctx context.Context, vm *irqd.Vm) {
	_, err := c.vms.DeleteVm(ctx, &irqd.DeleteVmRequest{Vm: byID(vm)})
	must(err)
}

func (c *clients) get(
	ctx context.Context, vcpu *irqd.VcpuRef, size uint32) *irqd.GetIrqStateResponse {
	arg := &irqd.IrqStateArg{Len: size}
	response, err := c.kvm.GetIrqState(ctx, &irqd.GetIrqStateRequest{Vcpu: vcpu, Arg: arg})
	must(err)
	return response
}

func (c *clients) set(ctx context.Context, vcpu *irqd.VcpuRef, state []byte) int32 {
	arg := &irqd.IrqStateArg{Len: uint32(len(state))}
	request := &irqd.SetIrqStateRequest{Vcpu: vcpu, Arg: arg, Buf: state}
	response, err := c.kvm.SetIrqState(ctx, request)
	must(err)
	return response.Ret
}

func byID(vm *irqd.Vm) *irqd.VmRef { return &irqd.VmRef{Vm: &irqd.VmRef_Id{Id: vm.Id}} }

// name is the status as gRPC spells it everywhere: NOT_FOUND, where Go's String() is NotFound.
func name(err error) string {
	var spelled strings.Builder
	for i, letter := range status.Code(err).String() {
		if i > 0 && 'A' <= letter && letter <= 'Z' {
			spelled.WriteByte('_')
		}
		spelled.WriteRune(letter)
	}
	return strings.ToUpper(spelled.String())
}

func list(numbers []int32) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", ","), "[]")
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
