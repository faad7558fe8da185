/*
 * The Regions of latency and geoproximity routing: the names that the API takes.  Where they are is
 * ours, since AWS does not say: the city that gives a Region its name, or one near it.  The second
 * table has the same points on the unit sphere.
 */
#include "tables.h"

const struct geo_region geo__regions[GEO_REGION_COUNT] = {
    { "af-south-1", "Cape Town", -33.92f, 18.42f, AF, "ZA", "" },
    { "ap-east-1", "Hong Kong", 22.32f, 114.17f, AS, "HK", "" },
    { "ap-east-2", "Taipei", 25.03f, 121.57f, AS, "TW", "" },
    { "ap-northeast-1", "Tokyo", 35.68f, 139.69f, AS, "JP", "" },
    { "ap-northeast-2", "Seoul", 37.57f, 126.98f, AS, "KR", "" },
    { "ap-northeast-3", "Osaka", 34.69f, 135.50f, AS, "JP", "" },
    { "ap-south-1", "Mumbai", 19.08f, 72.88f, AS, "IN", "" },
    { "ap-south-2", "Hyderabad", 17.39f, 78.49f, AS, "IN", "" },
    { "ap-southeast-1", "Singapore", 1.35f, 103.82f, AS, "SG", "" },
    { "ap-southeast-2", "Sydney", -33.87f, 151.21f, OC, "AU", "" },
    { "ap-southeast-3", "Jakarta", -6.21f, 106.85f, AS, "ID", "" },
    { "ap-southeast-4", "Melbourne", -37.81f, 144.96f, OC, "AU", "" },
    { "ap-southeast-5", "Kuala Lumpur", 3.14f, 101.69f, AS, "MY", "" },
    { "ap-southeast-6", "Auckland", -36.85f, 174.76f, OC, "NZ", "" },
    { "ap-southeast-7", "Bangkok", 13.76f, 100.50f, AS, "TH", "" },
    { "ca-central-1", "Montreal", 45.50f, -73.57f, NA, "CA", "" },
    { "ca-west-1", "Calgary", 51.05f, -114.07f, NA, "CA", "" },
    { "cn-north-1", "Beijing", 39.90f, 116.41f, AS, "CN", "" },
    { "cn-northwest-1", "Zhongwei", 37.51f, 105.19f, AS, "CN", "" },
    { "eu-central-1", "Frankfurt", 50.11f, 8.68f, EU, "DE", "" },
    { "eu-central-2", "Zurich", 47.37f, 8.54f, EU, "CH", "" },
    { "eu-north-1", "Stockholm", 59.33f, 18.07f, EU, "SE", "" },
    { "eu-south-1", "Milan", 45.46f, 9.19f, EU, "IT", "" },
    { "eu-south-2", "Zaragoza", 41.65f, -0.89f, EU, "ES", "" },
    { "eu-west-1", "Dublin", 53.35f, -6.26f, EU, "IE", "" },
    { "eu-west-2", "London", 51.51f, -0.13f, EU, "GB", "" },
    { "eu-west-3", "Paris", 48.86f, 2.35f, EU, "FR", "" },
    { "eusc-de-east-1", "Brandenburg", 52.40f, 13.06f, EU, "DE", "" },
    { "il-central-1", "Tel Aviv", 32.09f, 34.78f, AS, "IL", "" },
    { "me-central-1", "Dubai", 25.20f, 55.27f, AS, "AE", "" },
    { "me-south-1", "Manama", 26.07f, 50.56f, AS, "BH", "" },
    { "mx-central-1", "Queretaro", 20.59f, -100.39f, NA, "MX", "" },
    { "sa-east-1", "Sao Paulo", -23.55f, -46.63f, SA, "BR", "" },
    { "us-east-1", "Northern Virginia", 38.95f, -77.45f, NA, "US", "VA" },
    { "us-east-2", "Ohio", 39.96f, -83.00f, NA, "US", "OH" },
    { "us-gov-east-1", "Ohio, GovCloud", 39.96f, -83.00f, NA, "US", "OH" },
    { "us-gov-west-1", "Oregon, GovCloud", 45.84f, -119.70f, NA, "US", "OR" },
    { "us-west-1", "Northern California", 37.35f, -121.96f, NA, "US", "CA" },
    { "us-west-2", "Oregon", 45.84f, -119.70f, NA, "US", "OR" },
};

const struct geo_point geo__region_points[GEO_REGION_COUNT] = {
    { 0.7873024831, 0.2622059452, -0.5580348039 },  /* af-south-1 */
    { -0.3787686002, 0.8439799678, 0.3797790955 },  /* ap-east-1 */
    { -0.4743723467, 0.7719866614, 0.4230927454 },  /* ap-east-2 */
    { -0.6194139951, 0.5254871568, 0.5832577052 },  /* ap-northeast-1 */
    { -0.4767830176, 0.6331721650, 0.6097302384 },  /* ap-northeast-2 */
    { -0.5864654648, 0.5763180071, 0.5691360236 },  /* ap-northeast-3 */
    { 0.2782019429, 0.9031876300, 0.3268880297 },   /* ap-south-1 */
    { 0.1904185348, 0.9351015824, 0.2988742413 },   /* ap-south-2 */
    { -0.2388061291, 0.9707814225, 0.0235597648 },  /* ap-southeast-1 */
    { -0.7276709246, 0.3998751054, -0.5573104391 }, /* ap-southeast-2 */
    { -0.2881661943, 0.9514509317, -0.1081728661 }, /* ap-southeast-3 */
    { -0.6468529390, 0.4536046314, -0.6130449524 }, /* ap-southeast-4 */
    { -0.2023121922, 0.9777880019, 0.0547759099 },  /* ap-southeast-5 */
    { -0.7968641548, 0.0730812786, -0.5997221403 }, /* ap-southeast-6 */
    { -0.1770054700, 0.9550360532, 0.2378554199 },  /* ap-southeast-7 */
    { 0.1982477793, -0.6722883420, 0.7132504492 },  /* ca-central-1 */
    { -0.2563931623, -0.5739801955, 0.7776948511 }, /* ca-west-1 */
    { -0.3412285414, 0.6870993034, 0.6414496316 },  /* cn-north-1 */
    { -0.2078471927, 0.7655328036, 0.6088998860 },  /* cn-northwest-1 */
    { 0.6339704977, 0.0967846512, 0.7672770942 },   /* eu-central-1 */
    { 0.6697521157, 0.1005731931, 0.7357425748 },   /* eu-central-2 */
    { 0.4849339799, 0.1582198680, 0.8601194734 },   /* eu-north-1 */
    { 0.6924038839, 0.1120209444, 0.7127609484 },   /* eu-south-1 */
    { 0.7471282755, -0.0116063985, 0.6645785367 },  /* eu-south-2 */
    { 0.5933659654, -0.0650889481, 0.8022968652 },  /* eu-west-1 */
    { 0.6223764343, -0.0014121298, 0.7827167942 },  /* eu-west-2 */
    { 0.6573478726, 0.0269764078, 0.7531042742 },   /* eu-west-3 */
    { 0.5943631261, 0.1378752890, 0.7922896434 },   /* eusc-de-east-1 */
    { 0.6958583808, 0.4832740274, 0.5312507208 },   /* il-central-1 */
    { 0.5154889468, 0.7436283619, 0.4257792916 },   /* me-central-1 */
    { 0.5706360811, 0.6937157530, 0.4394689034 },   /* me-south-1 */
    { -0.1688270477, -0.9207713193, 0.3516782698 }, /* mx-central-1 */
    { 0.6295123609, -0.6663892421, -0.3995492029 }, /* sa-east-1 */
    { 0.1689864888, -0.7591131984, 0.6286419637 },  /* us-east-1 */
    { 0.0934119995, -0.7607796842, 0.6422526532 },  /* us-east-2 */
    { 0.0934119995, -0.7607796842, 0.6422526532 },  /* us-gov-east-1 */
    { -0.3451684333, -0.6051446832, 0.7173971460 }, /* us-gov-west-1 */
    { -0.4207855780, -0.6744449735, 0.6066823510 }, /* us-west-1 */
    { -0.3451684333, -0.6051446832, 0.7173971460 }, /* us-west-2 */
};
