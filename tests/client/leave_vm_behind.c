/* A C program that makes a VM and a vCPU at the server argv[1] and ends without closing them. */
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/irqd_kvm.h"

int main(int argc, char** argv) {
  int kvm = argc == 2 ? irqd_open(argv[1], NULL) : -1;
  int vm = irqd_ioctl(kvm, KVM_CREATE_VM, 0);
  int vcpu = irqd_ioctl(vm, KVM_CREATE_VCPU, 0);
  if (irqd_ioctl(vcpu, KVM_S390_NORMAL_RESET) != 0) {
    perror("leave_vm_behind");
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
