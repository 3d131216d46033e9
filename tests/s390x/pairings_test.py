"""Random calls on each pairing of a client and a server for this machine and for s390x: all answers
are the same, byte by byte.

    bazel test //tests/s390x:pairings_test --test_env=IRQD_TEST_SEED=1 \\
      --test_env=IRQD_TEST_SEQUENCES=9
"""

import concurrent.futures
import os
import random
import subprocess
import unittest

from tests import irqd_process, python_main

CLIENTS = {"native": "tests/s390x/transcript", "s390x": "tests/s390x/transcript_s390x"}
SERVERS = {"native": "server/irqd", "s390x": "tests/s390x/irqd_s390x"}
PAIRINGS = [(client, server) for client in CLIENTS for server in SERVERS]


def transcript(pairing, seed, sequences):
    """What the pairing's client prints: a recording of each sequence."""
    client, server = pairing
    with irqd_process.Irqd(SERVERS[server]) as irqd:
        command = [CLIENTS[client], irqd.addresses[0], str(seed), str(sequences)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()


class PairingsTest(unittest.TestCase):
    def test_all_agree(self):
        seed = int(os.environ.get("IRQD_TEST_SEED", random.SystemRandom().getrandbits(63)))
        sequences = int(os.environ.get("IRQD_TEST_SEQUENCES", 10))
        print("To repeat: bazel test //tests/s390x:pairings_test --test_env=IRQD_TEST_SEED=%d "
              "--test_env=IRQD_TEST_SEQUENCES=%d" % (seed, sequences), flush=True)

        with concurrent.futures.ThreadPoolExecutor() as executor:
            said = list(executor.map(lambda pair: transcript(pair, seed, sequences), PAIRINGS))

        self.assertEqual(len(said[0]), sequences)
        self.assertIn(b"KVM_S390_GET_IRQ_STATE", b"".join(said[0]))
        for pairing, got in zip(PAIRINGS, said):
            self.assertEqual(got, said[0], "%s client, %s server" % pairing)


if __name__ == "__main__":
    python_main.run()
