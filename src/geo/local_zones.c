/*
 * The Local Zone groups that geoproximity takes for a place (R-GPX-1): the zone's name without its
 * letter.  The points are of the cities that they are named after.
 */
#include "tables.h"

const struct geo_local_zone geo__local_zones[] = {
    { "af-south-1-los-1", 6.52f, 3.38f },         { "ap-northeast-1-tpe-1", 25.03f, 121.57f },
    { "ap-south-1-ccu-1", 22.57f, 88.36f },       { "ap-south-1-del-1", 28.61f, 77.21f },
    { "ap-southeast-1-bkk-1", 13.76f, 100.50f },  { "ap-southeast-1-mnl-1", 14.60f, 120.98f },
    { "ap-southeast-2-akl-1", -36.85f, 174.76f }, { "ap-southeast-2-per-1", -31.95f, 115.86f },
    { "eu-central-1-ham-1", 53.55f, 9.99f },      { "eu-central-1-waw-1", 52.23f, 21.01f },
    { "eu-north-1-cph-1", 55.68f, 12.57f },       { "eu-north-1-hel-1", 60.17f, 24.94f },
    { "me-south-1-mct-1", 23.59f, 58.41f },       { "us-east-1-atl-1", 33.75f, -84.39f },
    { "us-east-1-atl-2", 33.75f, -84.39f },       { "us-east-1-bos-1", 42.36f, -71.06f },
    { "us-east-1-bue-1", -34.60f, -58.38f },      { "us-east-1-chi-1", 41.88f, -87.63f },
    { "us-east-1-chi-2", 41.88f, -87.63f },       { "us-east-1-dfw-1", 32.78f, -96.80f },
    { "us-east-1-dfw-2", 32.78f, -96.80f },       { "us-east-1-iah-1", 29.76f, -95.37f },
    { "us-east-1-iah-2", 29.76f, -95.37f },       { "us-east-1-lim-1", -12.05f, -77.04f },
    { "us-east-1-mci-1", 39.10f, -94.58f },       { "us-east-1-mia-1", 25.76f, -80.19f },
    { "us-east-1-mia-2", 25.76f, -80.19f },       { "us-east-1-msp-1", 44.98f, -93.27f },
    { "us-east-1-nyc-1", 40.71f, -74.01f },       { "us-east-1-nyc-2", 40.71f, -74.01f },
    { "us-east-1-phl-1", 39.95f, -75.17f },       { "us-east-1-qro-1", 20.59f, -100.39f },
    { "us-east-1-scl-1", -33.45f, -70.67f },      { "us-west-2-den-1", 39.74f, -104.99f },
    { "us-west-2-hnl-1", 21.31f, -157.86f },      { "us-west-2-las-1", 36.17f, -115.14f },
    { "us-west-2-lax-1", 34.05f, -118.24f },      { "us-west-2-pdx-1", 45.52f, -122.68f },
    { "us-west-2-phx-1", 33.45f, -112.07f },      { "us-west-2-phx-2", 33.45f, -112.07f },
    { "us-west-2-sea-1", 47.61f, -122.33f },
};

const unsigned geo__local_zone_count = sizeof geo__local_zones / sizeof geo__local_zones[0];
