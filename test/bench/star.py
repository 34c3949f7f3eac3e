"""The star by what Python users take: star.py pyroute2|mininet create|destroy N, and for Mininet, whose networks end with
their process, `star.py mininet both N`, which prints the seconds of both and the answer of a ping across."""
import sys
import time

tool, what, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
GATEWAY = "10.0.255.254"


def address(i):
    return "10.0.%d.%d" % (i // 250, i % 250 + 1)


def with_pyroute2():
    from pyroute2 import IPRoute, netns

    with IPRoute() as host:
        if what == "destroy":
            host.link("del", index=host.link_lookup(ifname="br0")[0])
            for i in range(count):
                netns.remove("n%d" % i)
            return
        host.link("add", ifname="br0", kind="bridge")
        bridge = host.link_lookup(ifname="br0")[0]
        for i in range(count):
            name = "n%d" % i
            netns.create(name)
            host.link("add", ifname="v%d" % i, kind="veth", peer={"ifname": "eth0", "net_ns_fd": name})
            host.link("set", index=host.link_lookup(ifname="v%d" % i)[0], master=bridge, state="up")
            netns.pushns(name)
            with IPRoute() as inside:
                eth0 = inside.link_lookup(ifname="eth0")[0]
                inside.link("set", index=1, state="up")
                inside.link("set", index=eth0, state="up")
                inside.addr("add", index=eth0, address=address(i), prefixlen=16)
                inside.route("add", dst="default", gateway=GATEWAY)
            netns.popns()
        host.addr("add", index=bridge, address=GATEWAY, prefixlen=16)
        host.link("set", index=bridge, state="up")


def with_mininet():
    from mininet.net import Mininet
    from mininet.node import Host
    from mininet.nodelib import LinuxBridge

    began = time.monotonic()
    net = Mininet(controller=None, switch=LinuxBridge, host=Host, ipBase="10.0.0.0/16")
    bridge = net.addSwitch("s1")
    for i in range(count):
        net.addLink(net.addHost("n%d" % i, ip=address(i) + "/16", defaultRoute="via " + GATEWAY), bridge)
    net.start()
    made = time.monotonic()
    answer = net.get("n0").cmd("ping -c1 -W5 " + address(count - 1))
    began_to_end = time.monotonic()
    net.stop()
    print(made - began, time.monotonic() - began_to_end, int(" 0% packet loss" in answer))


with_mininet() if tool == "mininet" else with_pyroute2()
