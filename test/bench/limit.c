/* The physical limit for star-N: one process that speaks rtnetlink. limit create|read|destroy N
 * A socket of each namespace is opened inside it; all messages for a namespace travel in one send(). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char out[8192], in[1 << 18];
static int length;
static struct nlmsghdr *message;
static struct rtattr *open_attributes[4];
static int depth;

static void start(int type, int flags, const void *head, int size) {
  message = (struct nlmsghdr *)(out + length);
  *message = (struct nlmsghdr){.nlmsg_len = NLMSG_LENGTH(size), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags};
  memcpy(NLMSG_DATA(message), head, size);
  length += NLMSG_SPACE(size);
}

static struct rtattr *put(int type, const void *value, int size) {
  struct rtattr *attribute = (struct rtattr *)(out + length);
  attribute->rta_type = type;
  attribute->rta_len = RTA_LENGTH(size);
  memcpy(RTA_DATA(attribute), value, size);
  length += RTA_SPACE(size);
  message->nlmsg_len = out + length - (char *)message;
  return attribute;
}
static void put_text(int type, const char *text) { put(type, text, strlen(text) + 1); }
static void put_number(int type, unsigned number) { put(type, &number, 4); }
static void nest(int type) { open_attributes[depth++] = put(type, "", 0); }
static void unnest(void) {
  depth--;
  open_attributes[depth]->rta_len = out + length - (char *)open_attributes[depth];
}

static int open_socket(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), yes = 1, size = 1 << 20;
  if (fd < 0) err(1, "socket");
  setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &yes, sizeof yes);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  return fd;
}

/* Sends what was put together. Only the last message is to be answered; an error of another comes unasked. */
static void deliver(int fd, const char *what) {
  message->nlmsg_flags |= NLM_F_ACK;
  message->nlmsg_seq = 1;
  if (send(fd, out, length, 0) < 0) err(1, "%s", what);
  length = 0;
  for (;;) {
    int size = recv(fd, in, sizeof in, 0);
    if (size < 0) err(1, "%s", what);
    for (struct nlmsghdr *one = (void *)in; NLMSG_OK(one, size); one = NLMSG_NEXT(one, size)) {
      if (one->nlmsg_type != NLMSG_ERROR) continue;
      errno = -((struct nlmsgerr *)NLMSG_DATA(one))->error;
      if (errno) err(1, "%s", what);
      if (one->nlmsg_seq == 1) return;
    }
  }
}

static void put_up(unsigned index) {
  struct ifinfomsg head = {.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
  start(RTM_NEWLINK, 0, &head, sizeof head);
}

static void put_address(unsigned index, unsigned address) {
  struct ifaddrmsg head = {.ifa_family = AF_INET, .ifa_prefixlen = 16, .ifa_index = index};
  start(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
  put_number(IFA_LOCAL, htonl(address));
  put_number(IFA_ADDRESS, htonl(address));
  put_number(IFA_BROADCAST, htonl(address | 0xffff));
}

static void put_default(unsigned gateway, unsigned index) {
  struct rtmsg head = {.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_BOOT, .rtm_type = RTN_UNICAST};
  start(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
  put_number(RTA_GATEWAY, htonl(gateway));
  put_number(RTA_OIF, index);
}

static void put_link(const char *name, const char *kind, unsigned flags) {
  struct ifinfomsg head = {.ifi_flags = flags, .ifi_change = flags};
  start(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
  put_text(IFLA_IFNAME, name);
  if (!strcmp(kind, "bridge")) put(IFLA_ADDRESS, "\x02\x00\x0a\x00\xff\xfe", 6);
}

static const unsigned GATEWAY = 0x0a00fffe;
static const char *path_of(int i) {
  static char path[64];
  snprintf(path, sizeof path, "/run/netns/n%d", i);
  return path;
}

/* The thread is in the new namespace when this returns. */
static int make_namespace(int i) {
  if (unshare(CLONE_NEWNET)) err(1, "unshare");
  int file = open(path_of(i), O_RDONLY | O_CREAT | O_EXCL, 0);
  if (file < 0) err(1, "%s", path_of(i));
  close(file);
  if (mount("/proc/thread-self/ns/net", path_of(i), "none", MS_BIND, NULL)) err(1, "mount");
  return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
}

static void put_cable(int i, int peer, unsigned master) {
  struct ifinfomsg end = {0};
  char name[16];
  snprintf(name, sizeof name, "v%d", i);
  put_link(name, "veth", IFF_UP);
  put_number(IFLA_MASTER, master);
  nest(IFLA_LINKINFO);
  put(IFLA_INFO_KIND, "veth", 4);
  nest(IFLA_INFO_DATA);
  open_attributes[depth++] = put(VETH_INFO_PEER, &end, sizeof end);
  put_text(IFLA_IFNAME, "eth0");
  put_number(IFLA_NET_NS_FD, peer);
  while (depth) unnest();
}

static void create(int count) {
  int root = open_socket();
  mkdir("/run/netns", 0755);
  put_link("br0", "bridge", 0);
  nest(IFLA_LINKINFO);
  put(IFLA_INFO_KIND, "bridge", 6);
  unnest();
  deliver(root, "bridge");
  unsigned bridge = if_nametoindex("br0");
  for (int i = 0; i < count; i++) {
    int namespace = make_namespace(i), inside = open_socket();
    put_cable(i, namespace, bridge);
    deliver(root, "veth");
    put_up(1);
    put_up(2); /* lo is 1, and the first device after it 2 */
    put_address(2, 0x0a000000 + i / 250 * 256 + i % 250 + 1);
    put_default(GATEWAY, 2);
    deliver(inside, "inside");
    close(inside);
    close(namespace);
  }
  put_address(bridge, GATEWAY);
  put_up(bridge);
  deliver(root, "bridge up");
}

static void dump(int fd, int type, int family, int size) {
  char head[sizeof(struct ifinfomsg)] = {family};
  start(type, NLM_F_DUMP, head, size);
  if (type == RTM_GETLINK) put_number(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  if (send(fd, out, length, 0) < 0) err(1, "dump");
  length = 0;
  for (;;) {
    int got = recv(fd, in, sizeof in, 0);
    if (got < 0) err(1, "dump");
    for (struct nlmsghdr *one = (void *)in; NLMSG_OK(one, got); one = NLMSG_NEXT(one, got)) {
      if (one->nlmsg_type == NLMSG_DONE) return;
      if (one->nlmsg_type == NLMSG_ERROR) errx(1, "dump refused");
    }
  }
}

static void read_all(int count) {
  for (int i = -1; i < count; i++) {
    int namespace = i < 0 ? -1 : open(path_of(i), O_RDONLY | O_CLOEXEC);
    if (i >= 0 && setns(namespace, CLONE_NEWNET)) err(1, "%s", path_of(i));
    int fd = open_socket();
    dump(fd, RTM_GETLINK, AF_UNSPEC, sizeof(struct ifinfomsg));
    dump(fd, RTM_GETADDR, AF_UNSPEC, sizeof(struct ifaddrmsg));
    dump(fd, RTM_GETROUTE, AF_INET, sizeof(struct rtmsg));
    dump(fd, RTM_GETROUTE, AF_INET6, sizeof(struct rtmsg));
    close(fd);
    if (i >= 0) close(namespace);
  }
}

/* The bridge first: its ports leave it at once, not one by one; and down before that, or they take twice as long. */
static void destroy(int count) {
  struct ifinfomsg head = {.ifi_index = if_nametoindex("br0")};
  struct ifinfomsg down = {.ifi_index = head.ifi_index, .ifi_change = IFF_UP};
  start(RTM_NEWLINK, 0, &down, sizeof down);
  start(RTM_DELLINK, 0, &head, sizeof head);
  deliver(open_socket(), "bridge");
  for (int i = 0; i < count; i++)
    if (umount2(path_of(i), MNT_DETACH) || unlink(path_of(i))) err(1, "%s", path_of(i));
}

int main(int count, char **words) {
  if (count != 3) errx(2, "limit create|read|destroy N");
  int size = atoi(words[2]);
  if (!strcmp(words[1], "create")) create(size);
  else if (!strcmp(words[1], "read")) read_all(size);
  else if (!strcmp(words[1], "destroy")) destroy(size);
  else errx(2, "no such verb: %s", words[1]);
}
