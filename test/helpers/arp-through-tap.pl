#!/usr/bin/perl
# A program at a tap device, as a virtual machine would be: asks by ARP who has an address, and prints who answered.
# Usage: arp-through-tap.pl TAP DEVICE-FILE OWN-ADDRESS WANTED-ADDRESS. Documentation/networking/tuntap.rst, RFC 826.
use strict;
use warnings;
use Socket qw(inet_aton inet_ntoa);

use constant { TUNSETIFF => 0x400454ca, IFF_TAP_NO_PI => 0x1002, SECONDS => 20 };

my ($tap, $device, $own, $wanted) = @ARGV;
open my $file, '+<', $device or die "$device: $!\n";
ioctl $file, TUNSETIFF, pack('Z16 S x22', $tap, IFF_TAP_NO_PI) or die "TUNSETIFF: $!\n";

my $mac = pack 'H12', '02000000aa01';
my $arp = pack 'n n n C C', 0x0806, 1, 0x0800, 6, 4;
my $ask = "\xff" x 6 . $mac . $arp . pack('n', 1) . $mac . inet_aton($own) . "\0" x 6 . inet_aton($wanted);

# Asked again and again: a port of a bridge forwards a moment after its carrier has come.
for (my $end = time + SECONDS; time < $end;) {
  syswrite $file, $ask;
  my $bits = '';
  vec($bits, fileno $file, 1) = 1;
  next unless select $bits, undef, undef, 0.1;
  sysread $file, my $frame, 2000 or die "read: $!\n";
  next unless length $frame >= 42 && substr($frame, 12, 10) eq $arp . pack('n', 2);
  printf "%s is at %s\n", inet_ntoa(substr $frame, 28, 4), join ':', unpack '(H2)6', substr $frame, 22, 6;
  exit;
}
die "no answer from $wanted\n";
