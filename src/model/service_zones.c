/*
 * The zones as public lists have them: a line for each Region, and the few that are everywhere.  A
 * zone that is missing is a line to add.
 */
#include "signpost/model/service_zones.h"

#include "signpost/dns/name.h"

#include <stdio.h>
#include <string.h>

enum service { ELB, NLB, VPCE, API, SITE_OLD, SITE, BEANSTALK, SERVICE_COUNT };

/* What stands before and behind the Region in a service's suffix. */
static const struct service_form {
    enum resource_kind kind;
    const char *before, *behind;
} forms[SERVICE_COUNT] = {
    [ELB] = { RESOURCE_APPLICATION_LOAD_BALANCER, "", ".elb.amazonaws.com" },
    [NLB] = { RESOURCE_NETWORK_LOAD_BALANCER, "elb.", ".amazonaws.com" },
    [VPCE] = { RESOURCE_VPC_ENDPOINT, "", ".vpce.amazonaws.com" },
    [API] = { RESOURCE_API_GATEWAY, "execute-api.", ".amazonaws.com" },
    [SITE_OLD] = { RESOURCE_S3_WEBSITE, "s3-website-", ".amazonaws.com" },
    [SITE] = { RESOURCE_S3_WEBSITE, "s3-website.", ".amazonaws.com" },
    [BEANSTALK] = { RESOURCE_BEANSTALK, "", ".elasticbeanstalk.com" },
};

static const struct {
    const char *id;
    struct service_zone zone;
} everywhere[] = {
    { "Z2FDTNDATAQYW2", { RESOURCE_CLOUDFRONT, "cloudfront.net" } },
    { "Z3RFFRIM2A3IF5", { RESOURCE_CLOUDFRONT, "cloudfront.cn" } },
    { "Z2BJ6XQ5FK7U4H", { RESOURCE_GLOBAL_ACCELERATOR, "awsglobalaccelerator.com" } },
};

/* clang-format off: one Region, one entry */
static const struct region_zones {
    const char *region;
    const char *ids[SERVICE_COUNT];
} regions[] = {
    { "af-south-1",
      { [ELB] = "Z268VQBMOI5EKX",
        [NLB] = "Z203XCE67M25HM",
        [VPCE] = "Z09302161J80N9A7UTP7U",
        [API] = "Z2DHW2332DAMTN",
        [SITE] = "Z11KHD8FBVPUYU" } },
    { "ap-east-1",
      { [ELB] = "Z3DQVH9N71FHZ0",
        [NLB] = "Z12Y7K3UBGUAD1",
        [VPCE] = "Z2LIHJ7PKBEMWN",
        [API] = "Z3FD1VL90ND7K5",
        [SITE] = "ZNB98KWMFR0R6" } },
    { "ap-east-2",
      { [ELB] = "Z02789141MW7T1WBU19PO",
        [NLB] = "Z09176273OC2HWIAUNYW",
        [VPCE] = "Z09379811HWP0POAUWVN3",
        [API] = "Z02909591O7FG9Q56HWB1" } },
    { "ap-northeast-1",
      { [ELB] = "Z14GRHDCWA56QT",
        [NLB] = "Z31USIVHYNEOWT",
        [VPCE] = "Z2E726K9Y6RL4W",
        [API] = "Z1YSHQZHG15GKL",
        [SITE_OLD] = "Z2M4EHUR26P7ZW",
        [BEANSTALK] = "Z1R25G3KIG2GBW" } },
    { "ap-northeast-2",
      { [ELB] = "ZWKZPGTI48KDX",
        [NLB] = "ZIBE1TIR4HY56",
        [VPCE] = "Z27UANNT0PRK1T",
        [API] = "Z20JF4UZKIW1U8",
        [SITE] = "Z3W03O7B5YMIYP",
        [BEANSTALK] = "Z3JE5OI70TWKCP" } },
    { "ap-northeast-3",
      { [ELB] = "Z5LXEXXYW11ES",
        [NLB] = "Z1GWIQ4HH19I5X",
        [VPCE] = "Z376B5OMM2JZL2",
        [SITE] = "Z2YQB5RD63NC85" } },
    { "ap-south-1",
      { [ELB] = "ZP97RAFLXTNZK",
        [NLB] = "ZVDDRBQ08TROA",
        [VPCE] = "Z2KVTB3ZLFM7JR",
        [API] = "Z3VO1THU9YC4UR",
        [SITE] = "Z11RGJOFQNVJUP",
        [BEANSTALK] = "Z18NTBI3Y7N9TZ" } },
    { "ap-south-2",
      { [ELB] = "Z0173938T07WNTVAEPZN",
        [NLB] = "Z0711778386UTO08407HT",
        [VPCE] = "Z0952991RWSF5AHIQDIY" } },
    { "ap-southeast-1",
      { [ELB] = "Z1LMS91P8CMLE5",
        [NLB] = "ZKVM4W9LS7TM",
        [VPCE] = "Z18LLCSTV4NVNL",
        [API] = "ZL327KTPIQFUL",
        [SITE_OLD] = "Z3O0J2DXBE1FTB",
        [BEANSTALK] = "Z16FZ9L249IFLT" } },
    { "ap-southeast-2",
      { [ELB] = "Z1GM3OXH4ZPM65",
        [NLB] = "ZCT6FZBF4DROD",
        [VPCE] = "ZDK2GCRPAFKGO",
        [API] = "Z2RPCDW04V8134",
        [SITE_OLD] = "Z1WCIGYICN2BYD",
        [BEANSTALK] = "Z2PCDNR3VC2G1N" } },
    { "ap-southeast-3",
      { [ELB] = "Z08888821HLRG5A9ZRTER",
        [NLB] = "Z01971771FYVNCOVWJU1G",
        [VPCE] = "Z03881013RZ9BYYZO8N5W" } },
    { "ap-southeast-4",
      { [ELB] = "Z09517862IB2WZLPXG76F",
        [NLB] = "Z01156963G8MIIL7X90IV",
        [VPCE] = "Z07508191CO1RNBX3X3AU" } },
    { "ap-southeast-5", { [ELB] = "Z06010284QMVVW7WO5J", [NLB] = "Z026317210H9ACVTRO6FB" } },
    { "ap-southeast-6", { [ELB] = "Z023301818UFJ50CIO0MV", [NLB] = "Z01392953RKV2Q3RBP0KU" } },
    { "ap-southeast-7", { [ELB] = "Z0390008CMBRTHFGWBCB", [NLB] = "Z054363131YWATEMWRG5L" } },
    { "ca-central-1",
      { [ELB] = "ZQSVJUPU6J1EY",
        [NLB] = "Z2EPGBW3API2WT",
        [VPCE] = "ZRCXCF510Y6P9",
        [API] = "Z19DQILCV0OWEC",
        [SITE] = "Z1QDHH18159H29",
        [BEANSTALK] = "ZJFCZL7SSZB5I" } },
    { "ca-west-1", { [ELB] = "Z06473681N0SF6OS049SD", [NLB] = "Z02754302KBB00W2LKWZ9" } },
    { "cn-north-1", { [ELB] = "Z1GDH35T77C1KE", [NLB] = "Z3QFB96KMJ7ED6" } },
    { "cn-northwest-1", { [ELB] = "ZM7IZAIOVVDZF", [NLB] = "ZQEIKTCZ8352D" } },
    { "eu-central-1",
      { [ELB] = "Z215JYRZR1TBD5",
        [NLB] = "Z3F0SRJ5LGBH90",
        [VPCE] = "Z273ZU8SZ5RJPC",
        [API] = "Z1U9ULNL0V5AJ3",
        [SITE] = "Z21DNDUVLTQW6Q",
        [BEANSTALK] = "Z1FRNW7UH4DEZJ" } },
    { "eu-central-2",
      { [ELB] = "Z06391101F2ZOEP8P5EB3",
        [NLB] = "Z02239872DOALSIDCX66S",
        [VPCE] = "Z045369019J4FUQ4S272E" } },
    { "eu-north-1",
      { [ELB] = "Z23TAZ6LKFMNIO",
        [NLB] = "Z1UDT6IFJ4EJM",
        [VPCE] = "Z3OWWK6JFDEDGC",
        [API] = "Z3UWIKFBOOGXPP",
        [SITE] = "Z3BAZG2TWCNX0D",
        [BEANSTALK] = "Z23GO28BZ5AETM" } },
    { "eu-south-1",
      { [ELB] = "Z3ULH7SSC9OV64",
        [NLB] = "Z23146JA1KNAFP",
        [VPCE] = "Z2A5FDNRLY7KZG",
        [API] = "Z3BT4WSQ9TDYZV" } },
    { "eu-south-2",
      { [ELB] = "Z0956581394HF5D5LXGAP",
        [NLB] = "Z1011216NVTVYADP1SSV",
        [VPCE] = "Z014396544HENR57XQCJ",
        [API] = "Z02499852UI5HEQ5JVWX3" } },
    { "eu-west-1",
      { [ELB] = "Z32O12XQLNTSW2",
        [NLB] = "Z2IFOLAFXWLO4F",
        [VPCE] = "Z38GZ743OKFT7T",
        [API] = "ZLY8HYME6SFDD",
        [SITE_OLD] = "Z1BKCTXD74EZPE",
        [BEANSTALK] = "Z2NYPWQ7DFZAZH" } },
    { "eu-west-2",
      { [ELB] = "ZHURV8PSTC4K8",
        [NLB] = "ZD4D7Y8KGAS4G",
        [VPCE] = "Z7K1066E3PUKB",
        [API] = "ZJ5UAJN8Y3Z2Q",
        [SITE] = "Z3GKZC51ZF0DB4",
        [BEANSTALK] = "Z1GKAAAUGATPF1" } },
    { "eu-west-3",
      { [ELB] = "Z3Q77PNBQS71R4",
        [NLB] = "Z1CMS0P5QUZ6D5",
        [VPCE] = "Z1DWHTMFP0WECP",
        [API] = "Z3KY65QIEKYHQQ",
        [SITE] = "Z3R1K369G5AVDG",
        [BEANSTALK] = "Z5WN6GAYWG5OB" } },
    { "il-central-1", { [ELB] = "Z09170902867EHPV2DABU", [NLB] = "Z0313266YDI6ZRHTGQY4" } },
    { "me-central-1",
      { [ELB] = "Z08230872XQRWHG2XF6I",
        [NLB] = "Z00282643NTTLPANJJG2P",
        [VPCE] = "Z07122992YCEUCB9A9570",
        [API] = "Z08780021BKYYY8U0YHTV" } },
    { "me-south-1",
      { [ELB] = "ZS929ML54UICD",
        [NLB] = "Z3QSRYVP46NYYV",
        [VPCE] = "Z3B95P3VBGEQGY",
        [API] = "Z20ZBPC0SS8806",
        [SITE] = "Z1MPMWCPA7YB62" } },
    { "mx-central-1", { [ELB] = "Z023552324OKD1BB28BH5", [NLB] = "Z02031231H3ID6HYJ9A7U" } },
    { "sa-east-1",
      { [ELB] = "Z2P70J7HTTTPLU",
        [NLB] = "ZTK26PT1VY4CU",
        [VPCE] = "Z2LXUWEVLCVZIB",
        [API] = "ZCMLWB8V5SYIT",
        [SITE_OLD] = "Z7KQH4QJS55SO",
        [BEANSTALK] = "Z10X7K2B4QSOFV" } },
    { "us-east-1",
      { [ELB] = "Z35SXDOTRQ7X7K",
        [NLB] = "Z26RNL4JYFTOTI",
        [VPCE] = "Z7HUB22UULQXV",
        [API] = "Z1UJRXOUMOOFQ8",
        [SITE_OLD] = "Z3AQBSTGFYJSTF",
        [BEANSTALK] = "Z117KPS5GTRQ2G" } },
    { "us-east-2",
      { [ELB] = "Z3AADJGX6KTTL2",
        [NLB] = "ZLMOA37VPKANP",
        [VPCE] = "ZC8PG0KIFKBRI",
        [API] = "ZOJJZC49E0EPZ",
        [SITE] = "Z2O1EMRO9K5GLX",
        [BEANSTALK] = "Z14LCN19Q5QHIC" } },
    { "us-gov-east-1",
      { [ELB] = "Z166TLBEWOO7G0",
        [NLB] = "Z1ZSMQQ6Q24QQ8",
        [VPCE] = "Z2MU5TEIGO9WXB",
        [API] = "Z3SE9ATJYCRCZJ",
        [SITE] = "Z2NIFVYYW2VKV1" } },
    { "us-gov-west-1",
      { [ELB] = "Z33AYJ8TM3BH4J",
        [NLB] = "ZMG1MZ2THAWF1",
        [VPCE] = "Z12529ZODG2B6H",
        [API] = "Z1K6XKP9SAGWDV",
        [SITE_OLD] = "Z31GFT0UA1I2HV" } },
    { "us-west-1",
      { [ELB] = "Z368ELLRRE2KJ0",
        [NLB] = "Z24FKFUX50B4VW",
        [VPCE] = "Z12I86A8N7VCZO",
        [API] = "Z2MUQ32089INYE",
        [SITE_OLD] = "Z2F56UZL2M1ACD",
        [BEANSTALK] = "Z1LQECGX5PH1X" } },
    { "us-west-2",
      { [ELB] = "Z1H1FL5HABSF5",
        [NLB] = "Z18D5FSROUN65G",
        [VPCE] = "Z1YSA3EXCYUU9Z",
        [API] = "Z2OJLYMUO9EFXC",
        [SITE_OLD] = "Z3BJ6K6RIION7M",
        [BEANSTALK] = "Z38NKT9BP95V3O" } },
};
/* clang-format on */

static void make_zone(struct service_zone *zone, const char *region,
                      const struct service_form *form)
{
    zone->kind = form->kind;
    snprintf(zone->suffix, sizeof zone->suffix, "%s%s%s%s", form->before, region, form->behind,
             strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
}

bool service_zone_find(const char *id, struct service_zone *out_zone)
{
    for (size_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++)
        if (strcmp(everywhere[i].id, id) == 0) {
            *out_zone = everywhere[i].zone;
            return true;
        }
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++)
        for (unsigned service = 0; service < SERVICE_COUNT; service++)
            if (regions[i].ids[service] != NULL && strcmp(regions[i].ids[service], id) == 0) {
                make_zone(out_zone, regions[i].region, &forms[service]);
                return true;
            }
    return false;
}

bool service_zone_covers(const struct service_zone *zone, const uint8_t *name)
{
    uint8_t suffix[DNS_NAME_SIZE_MAX];
    const char *why;
    return dns_name_from_text(suffix, zone->suffix, strlen(zone->suffix), NULL, &why) > 0 &&
           dns_name_is_within(name, suffix);
}
