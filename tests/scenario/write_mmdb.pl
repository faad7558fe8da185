# write_mmdb.pl FILE - an MMDB file out of lines on standard input, written by somebody else's
# writer: prefix,continent,country,subdivision,latitude,longitude, as in a location file.
use strict;
use warnings;
use MaxMind::DB::Writer::Tree;

my %types = (
    continent    => 'map',
    country      => 'map',
    location     => 'map',
    subdivisions => [ 'array', 'map' ],
    code         => 'utf8_string',
    iso_code     => 'utf8_string',
    latitude     => 'double',
    longitude    => 'double',
);

my $tree = MaxMind::DB::Writer::Tree->new(
    ip_version               => 6,
    record_size              => 28,
    database_type            => 'Test-City',
    languages                => ['en'],
    description              => { en => 'clients of a test' },
    remove_reserved_networks => 0,
    map_key_type_callback    => sub { $types{ $_[0] } },
);

while ( my $line = <STDIN> ) {
    chomp $line;
    my ( $prefix, $continent, $country, $subdivision, $latitude, $longitude ) = split /,/, $line;
    my %place = (
        continent => { code     => $continent },
        country   => { iso_code => $country },
        location  => { latitude => $latitude, longitude => $longitude },
    );
    $place{subdivisions} = [ { iso_code => $subdivision } ] if $subdivision ne '';
    $tree->insert_network( $prefix, \%place );
}

open my $out, '>:raw', $ARGV[0] or die "$ARGV[0]: $!";
$tree->write_tree($out);
close $out or die "$ARGV[0]: $!";
