import "hash"

rule eicar_test_file
{
    meta:
        id = "eicar-test-file"
        title = "It is the EICAR test file"
        score = 1000
        attack = ""
    condition:
        // 68 bytes, and blanks behind them up to 128: what the definition of the file says. A text about it is none.
        filesize >= 68 and filesize <= 128 and
        hash.sha256(0, 68) == "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f" and
        (
            filesize == 68 or
            for all i in (68..filesize - 1) : (
                uint8(i) == 0x20 or uint8(i) == 0x09 or uint8(i) == 0x0a or uint8(i) == 0x0d or uint8(i) == 0x1a
            )
        )
}
