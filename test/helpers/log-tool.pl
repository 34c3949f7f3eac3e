#!/usr/bin/perl
# Stands before ip, nft, ovs-vsctl, sysctl, ethtool and kill on the path (see execution-log.ts) and writes down what they are
# given, when it begins and when it ends, a line of JSON each: { at, place, tool, args, stdin }. With LOG_DRY=1 it does no more.
use strict;
use warnings;
use Fcntl qw(:flock);
use JSON::PP;

my ($tool) = $0 =~ m{([^/]+)$};
my $folder = $0 =~ s{/[^/]+$}{}r;
my ($real) = grep { -x } map { "$_/$tool" } grep { $_ ne $folder } split /:/, $ENV{PATH};
# Reads, and `ip netns exec`, which becomes what it starts.
exec $real, @ARGV if grep { /^(list|exec|-k|-j|-N|-V|--version|monitor)$/ } @ARGV;

my $reads = grep { $_ eq "-" } @ARGV;
my $stdin = $reads ? do { local $/; <STDIN> } : undef;
my ($here) = (stat "/proc/self/ns/net")[1];
my ($place) = $ENV{LOG_PLACE} // grep { ((stat "/run/netns/$_")[1] // 0) == $here } map { s{.*/}{}r } glob "/run/netns/*";
note("begin");
exit 0 if $ENV{LOG_DRY};
open my $pipe, "|-", $real, @ARGV or die "$real: $!";
print $pipe $stdin if $reads;
close $pipe;
my $code = $? >> 8;
note("end");
exit $code;

sub note {
  my ($at) = @_;
  open my $file, ">>", $ENV{LOG_FILE} or die "$ENV{LOG_FILE}: $!";
  flock $file, LOCK_EX;
  print $file encode_json({ at => $at, pid => $$, place => $place // "host", tool => $tool, args => \@ARGV, stdin => $stdin }), "\n";
}
