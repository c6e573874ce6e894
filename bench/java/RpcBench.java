// SPDX-License-Identifier: Apache-2.0
// RpcBench.java - the peer of rpc_bench.c: the same calls through R3's own
// Java client, on the class path of a node's unpacked jar.
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.concurrent.CountDownLatch;
import net.corda.client.rpc.CordaRPCClient;
import net.corda.client.rpc.CordaRPCConnection;
import net.corda.core.messaging.CordaRPCOps;
import net.corda.core.utilities.NetworkHostAndPort;

public class RpcBench {
	static double cpu() {
		OperatingSystemMXBean os = (OperatingSystemMXBean)
			ManagementFactory.getOperatingSystemMXBean();
		return os.getProcessCpuTime() / 1e9;
	}

	static String peak() throws Exception {
		for (String line : Files.readAllLines(Paths.get("/proc/self/status")))
			if (line.startsWith("VmHWM:"))
				return line.replaceAll("[^0-9]", "");
		return "0";
	}

	static void calls(CordaRPCOps ops, int total, int depth) throws Exception {
		CountDownLatch done = new CountDownLatch(depth);
		for (int t = 0; t < depth; t++)
			new Thread(() -> {
				for (int i = 0; i < total / depth; i++)
					ops.currentNodeTime();
				done.countDown();
			}).start();
		done.await();
	}

	// host port warm-up-calls calls depth; user and password in the environment
	public static void main(String[] a) throws Exception {
		CordaRPCClient client = new CordaRPCClient(
			new NetworkHostAndPort(a[0], Integer.parseInt(a[1])));
		CordaRPCConnection c = client.start(System.getenv("RPC_USER"),
						    System.getenv("RPC_PASSWORD"));
		int warm = Integer.parseInt(a[2]);
		int total = Integer.parseInt(a[3]);
		int depth = Integer.parseInt(a[4]);

		calls(c.getProxy(), warm, depth);
		double cpu = cpu();
		long start = System.nanoTime();
		calls(c.getProxy(), total, depth);
		double seconds = (System.nanoTime() - start) / 1e9;
		cpu = cpu() - cpu;
		c.notifyServerAndClose();
		System.out.printf("{\"calls\":%d,\"depth\":%d,\"seconds\":%.6f,"
			+ "\"cpu_seconds\":%.6f,\"process_cpu_seconds\":%.6f,"
			+ "\"peak_kib\":%s}%n", total, depth, seconds, cpu, cpu(),
			peak());
		System.exit(0);
	}
}
