# link.py ONE OTHER MILLISECONDS LOST: carries every frame between two network devices MILLISECONDS later, in order, and none of those
# from LOST (the name of one of them, or "none"). Frames go with what the kernel knows of them (checksums to be made, segments to
# be cut), so that devices need no other settings. Says "carries" when it does.
import collections
import select
import socket
import sys
import time

ETH_P_ALL, SOL_PACKET, PACKET_VNET_HDR, PACKET_OUTGOING = 3, 263, 15, 4
MOST = 128 * 1024

names, delay, lost = sys.argv[1:3], int(sys.argv[3]) / 1000, sys.argv[4]
ends = {}
for name in names:
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    end.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
    end.setblocking(False)
    end.bind((name, ETH_P_ALL))
    ends[name] = end
others = {ends[names[0]]: ends[names[1]], ends[names[1]]: ends[names[0]]}
swallowed = ends.get(lost)
under_way = collections.deque()
print("carries", flush=True)
while True:
    wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
    ready, _, _ = select.select(list(others), [], [], wait)
    now = time.monotonic()
    for end in ready:
        try:
            for _ in range(64):
                frame, about = end.recvfrom(MOST)
                if about[2] != PACKET_OUTGOING and end is not swallowed:
                    under_way.append((now + delay, others[end], frame))
        except BlockingIOError:
            pass
    while under_way and under_way[0][0] <= time.monotonic():
        _, to, frame = under_way.popleft()
        try:
            to.send(frame)
        except OSError:
            pass  # lost, as on any network
