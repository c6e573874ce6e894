/* SPDX-License-Identifier: Apache-2.0 */
/* podman_bridge.c - the hardware address of a run's network. */
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/podman/podman.h"

/*
 * A Linux bridge has the lowest address of its ports for its own, until it is
 * given one: when a container comes or goes it may have another. Those that
 * have talked to it, where their DNS is, go on sending to the earlier one, up
 * to 70 s long (seen with podman 4.3, netavark 1.4). So the bridge is given
 * the address that it has.
 */
static void keep_address(const char *interface, size_t len)
{
	struct ifreq request = { 0 };
	cleanup(closep) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || len >= sizeof(request.ifr_name))
		return;
	memcpy(request.ifr_name, interface, len);
	if (ioctl(fd, SIOCGIFHWADDR, &request) == 0)
		ioctl(fd, SIOCSIFHWADDR, &request);
}

void podman_keep_bridge(struct podman *p)
{
	cleanup(buf_release) struct buf name = BUF_INIT(4096);

	if (p->bridge_kept || podman_call(&name, NULL, "network", "inspect",
					  "--format", "{{.NetworkInterface}}",
					  "--", p->scope.prefix, NULL) < 0)
		return;
	p->bridge_kept = true;
	keep_address(buf_text(&name), strcspn(buf_text(&name), "\n"));
}
